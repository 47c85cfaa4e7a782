using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;
using MeshCanary.Controller.Admission.Selecting;
using MeshCanary.Controller.Crds;
using MeshCanary.Rollouts.Specs.Parsing;
using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Controller.Annotating;

/// <summary>
/// Makes a Canary of the annotations of a Service. The Canary has the Service's name, is owned by it, and follows every change
/// of the annotations; a Canary that somebody wrote is never touched. Pure.
/// </summary>
internal static class ServiceAnnotations
{
    /// <summary>Reads a Service.</summary>
    /// <param name="service">The Service.</param>
    /// <param name="workloads">The workloads of its namespace.</param>
    /// <param name="present">The Canary that has the Service's name; null when there is none.</param>
    public static AnnotationReading Read(V1Service service, NamespaceWorkloads workloads, CanaryObject? present)
    {
        var annotations = service.Metadata.Annotations ?? new Dictionary<string, string>();
        var given = annotations.Where(pair => pair.Key.StartsWith(ApiNames.Prefix, StringComparison.Ordinal) && !AnnotationKeys.Ours.Contains(pair.Key))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
        // The switch alone decides: whatever else is written, without it there is none.
        if (given.GetValueOrDefault(AnnotationKeys.Enabled) is null or "false")
            return new AnnotationReading { Remove = IsMadeFrom(service, present), Notes = [.. Idle(given)] };
        var errors = Strangers(given.Keys).Concat(Switch(given)).ToList();
        if (present is not null && !IsMadeFrom(service, present))
            errors.Add($"There is a Canary {present.Metadata.Name} already that was not made from this Service's annotations; it stays as it is. Delete it, or take the annotations away.");
        var selector = annotations.TryGetValue(ApiNames.OriginalSelectorAnnotation, out var original) ? Selectors.Parse(original) : service.Spec?.Selector;
        var workload = WorkloadFinder.Find(selector, given.GetValueOrDefault(AnnotationKeys.Workload), workloads, out var missing);
        if (missing is not null)
            errors.Add(missing);
        var spec = Draft(service, given, workload ?? "unknown", errors);
        return errors.Count > 0
            ? new AnnotationReading { Errors = [.. errors] }
            : new AnnotationReading { Canary = Make(service, spec) };
    }

    /// <summary>Whether a Canary was made from this very Service.</summary>
    private static bool IsMadeFrom(V1Service service, CanaryObject? canary) =>
        canary?.Metadata.Labels is { } labels
        && labels.TryGetValue(ApiNames.FromLabel, out var from) && from == ApiNames.FromAnnotations
        && canary.Metadata.OwnerReferences?.Any(owner => owner.Uid == service.Metadata.Uid) == true;

    private static IEnumerable<string> Strangers(IEnumerable<string> keys)
    {
        string[] known = [AnnotationKeys.Enabled, AnnotationKeys.Workload, .. AnnotationKeys.All.Select(key => key.Key)];
        foreach (var key in keys.Except(known))
        {
            var near = Suggestion.For(key, known);
            yield return $"{key}: unknown annotation. {(near is null ? "Remove it; docs/kubernetes-api.md lists those that there are." : $"Did you mean '{near}'?")}";
        }
    }

    private static IEnumerable<string> Switch(ImmutableSortedDictionary<string, string> given) =>
        given[AnnotationKeys.Enabled] is var value && value == "true" ? [] : [$"{AnnotationKeys.Enabled}: '{value}' is neither true nor false. Write true or false."];

    // Whoever wrote false means it. Without the switch it may have been forgotten, or misspelt.
    private static IEnumerable<string> Idle(ImmutableSortedDictionary<string, string> given) => given.IsEmpty || given.ContainsKey(AnnotationKeys.Enabled)
        ? []
        : Strangers(given.Keys).Append(
            $"{AnnotationKeys.Enabled} is not there, so this Service gets no Canary, and one that its annotations made goes; what else is written ({string.Join(", ", given.Keys)}) has no effect. Write {AnnotationKeys.Enabled}=true to have one.");

    private static JsonElement Draft(V1Service service, ImmutableSortedDictionary<string, string> given, string workload, List<string> errors)
    {
        var draft = new SpecDraft();
        draft.Put("workload.kind", "Deployment");
        draft.Put("workload.name", workload);
        draft.Put("service.name", service.Metadata.Name);
        foreach (var key in AnnotationKeys.All)
        {
            if (given.TryGetValue(key.Key, out var value))
                key.Write(draft, value);
        }

        var spec = JsonSerializer.SerializeToElement<JsonNode>(draft.Finish());
        var faults = CanaryManifestReader.ReadObject(spec, service.Metadata.NamespaceProperty ?? "", service.Metadata.Name).Errors;
        errors.AddRange(faults.Select(fault => Tell(fault, draft, given)).Distinct(StringComparer.Ordinal));
        return spec;
    }

    // The user knows annotations, not the fields that they become.
    private static string Tell(ManifestError fault, SpecDraft draft, ImmutableSortedDictionary<string, string> given)
    {
        var at = draft.Locate(fault.Path);
        var key = AnnotationKeys.All
            .Where(one => given.ContainsKey(one.Key) && (at == one.Path || at.StartsWith(one.Path + '.', StringComparison.Ordinal) || at.StartsWith(one.Path + '[', StringComparison.Ordinal)))
            .MaxBy(one => one.Path.Length);
        return key is null ? fault.Said : $"{key.Key}: {fault.Said[(fault.Path.Length + 2)..]}";
    }

    private static CanaryObject Make(V1Service service, JsonElement spec) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = service.Metadata.Name,
            NamespaceProperty = service.Metadata.NamespaceProperty,
            Labels = new Dictionary<string, string> { [ApiNames.FromLabel] = ApiNames.FromAnnotations },
            OwnerReferences =
            [
                new V1OwnerReference
                {
                    ApiVersion = "v1",
                    Kind = "Service",
                    Name = service.Metadata.Name,
                    Uid = service.Metadata.Uid,
                    Controller = true,
                    // Who may not update the Service's finalizers may not block its deletion either.
                    BlockOwnerDeletion = false,
                },
            ],
        },
        Spec = spec,
    };
}
