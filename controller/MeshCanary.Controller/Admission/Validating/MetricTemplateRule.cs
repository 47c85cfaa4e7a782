using System.Text.Json.Nodes;
using MeshCanary.Controller.Admission.Reviews;
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
        MetricTemplateReader.ReadObject(spec, out var errors);
        var dropped = DroppedFields.Of(template, request.OldObject, written =>
        {
            MetricTemplateReader.ReadObject(written, out var found);
            return found;
        });
        return Answer.Refuse([.. errors.Select(error => error.Said).Concat(dropped).Distinct(StringComparer.Ordinal)]);
    }
}
