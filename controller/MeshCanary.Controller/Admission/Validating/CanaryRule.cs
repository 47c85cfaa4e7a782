using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Admission.Reviews;
using MeshCanary.Controller.Keeping;
using MeshCanary.Controller.Metrics.Templates;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.Specs.Parsing;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Admission.Validating;

/// <summary>
/// Refuses Canaries that could not be obeyed, with every fault at once. It is asked twice: before the schema, so that users
/// read its words and not a pattern, and after all changes, where its word counts.
/// </summary>
internal sealed class CanaryRule(ICanaryClaims claims, IMetricTemplates? templates = null) : IAdmissionRule
{
    private static readonly ImmutableHashSet<string> InFlight = [nameof(Phase.Progressing), nameof(Phase.Paused), nameof(Phase.Promoting), nameof(Phase.Baking), nameof(Phase.RollingBack)];

    public string Path => "/canaries";

    public Answer Review(AdmissionRequest request)
    {
        if (request.Object is not { } canary || canary.Find("metadata", "deletionTimestamp") is not null)
            return Answer.Allow;
        var spec = canary.Find("spec");
        // Labels, finalizers and the like stay possible on an object that an earlier version has let in.
        if (request.OldObject is { } before && JsonNode.DeepEquals(before.Find("spec").Essence(), spec.Essence()))
            return Answer.Allow;
        var faults = CanaryManifestReader.ReadObject(spec, request.Namespace, request.Name).Errors.Select(error => error.Said)
            .Concat(DroppedFields.Of(canary, request.OldObject, written => CanaryManifestReader.ReadObject(written, request.Namespace, request.Name).Errors))
            .Concat(Misfits(spec, request))
            .Concat(Rivals(CanaryClaim.Of(request.Name, spec), request.Namespace))
            .Concat(Moves(request.OldObject, spec));
        return Answer.Refuse([.. faults.Distinct(StringComparer.Ordinal)]);
    }

    // A template that is not there yet may come in the same breath: until it does, the run holds and says so.
    private IEnumerable<string> Misfits(JsonElement? spec, AdmissionRequest request)
    {
        if (templates is null || CanaryManifestReader.ReadObject(spec, request.Namespace, request.Name).Manifests is not [var canary])
            return [];
        return RunMetric.Of(canary.Spec.Analysis).SelectMany((metric, place) =>
            metric.Spec.Template is { } name && templates.Find(request.Namespace, name).Spec is { } template
                ? MetricTemplateFit.Faults(metric.Spec, metric.Kind, template).Select(fault => $"spec.analysis.metrics[{place}]: MetricTemplate {name}: {fault}")
                : []);
    }

    private IEnumerable<string> Rivals(CanaryClaim claim, string @namespace)
    {
        foreach (var other in claims.In(@namespace).Where(other => other.Canary != claim.Canary))
        {
            if (claim.Workload is not null && other.Workload == claim.Workload)
                yield return $"spec.workload.name: the {claim.Workload} is under the Canary {other.Canary} already. Name another workload, or delete that Canary first.";
            if (claim.Service is not null && other.Service == claim.Service)
                yield return $"spec.service.name: the Service {claim.Service} is under the Canary {other.Canary} already. Name another Service, or delete that Canary first.";
        }
    }

    private static IEnumerable<string> Moves(JsonElement? before, JsonElement? spec)
    {
        if (before is { } controlled && controlled.Text("status", "engine") is { Length: > 0 }
            && RouterChange.Say(RouterOf(controlled.Find("spec")), RouterOf(spec)) is { } said)
            yield return $"spec.router.type: {said.Message}. {said.Remedy}.";
        if (before is not { } old || old.Text("status", "phase") is not { } phase || !InFlight.Contains(phase))
            yield break;
        var (was, wanted) = (CanaryClaim.Of("", old.Find("spec")), CanaryClaim.Of("", spec));
        var remedy = "Wait for the end of the run, or end it with meshcanary abort, and change it then.";
        if (was.Workload != wanted.Workload)
            yield return $"spec.workload: cannot be changed from {was.Workload} while a run is in flight (phase {phase}). {remedy}";
        if (was.Service != wanted.Service)
            yield return $"spec.service.name: cannot be changed from {was.Service} while a run is in flight (phase {phase}). {remedy}";
    }

    private static string RouterOf(JsonElement? spec) => spec is { } given && given.Text("router", "type") is { } type ? type : "proxy";
}
