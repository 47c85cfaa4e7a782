using System.Text.Json.Nodes;
using MeshCanary.Controller.Admission.Reviews;
using MeshCanary.Controller.Metrics.Providers.Web;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.Specs.Parsing;

namespace MeshCanary.Controller.Admission.Validating;

/// <summary>Refuses metric templates that could not be asked, with every fault at once.</summary>
internal sealed class MetricTemplateRule : IAdmissionRule
{
    public string Path => "/metrictemplates";

    public Answer Review(AdmissionRequest request)
    {
        if (request.Object is not { } template || template.Find("metadata", "deletionTimestamp") is not null)
            return Answer.Allow;
        var spec = template.Find("spec");
        if (request.OldObject is { } before && JsonNode.DeepEquals(before.Find("spec").Essence(), spec.Essence()))
            return Answer.Allow;
        var read = MetricTemplateReader.ReadObject(spec, out var errors);
        var dropped = DroppedFields.Of(template, request.OldObject, written =>
        {
            MetricTemplateReader.ReadObject(written, out var found);
            return found;
        });
        return Answer.Refuse([.. errors.Select(error => error.Said).Concat(PathFault(read)).Concat(dropped).Distinct(StringComparer.Ordinal)]);
    }

    // What can be followed is known to the library that follows it alone.
    private static string[] PathFault(MetricTemplateSpec? spec) =>
        spec?.Provider.Web is { } web && JsonPath.FaultOf(web.JsonPath) is { } fault ? [$"spec.provider.web.jsonPath: {fault}."] : [];
}
