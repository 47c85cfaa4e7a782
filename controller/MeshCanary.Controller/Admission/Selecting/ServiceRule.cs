using System.Text.Json.Nodes;
using MeshCanary.Controller.Admission.Reviews;
using MeshCanary.Controller.Crds;

namespace MeshCanary.Controller.Admission.Selecting;

/// <summary>
/// Keeps the selector of a Service under a Canary: the user's manifest writes the same field, with every sync. What the user
/// writes is remembered as the original, which the release puts back.
/// </summary>
/// <param name="us">Name of our own service account: what it writes is meant so.</param>
internal sealed class ServiceRule(string us) : IAdmissionRule
{
    public string Path => "/services";

    public Answer Review(AdmissionRequest request)
    {
        if (request.UserInfo.Username == us || request.Object is not { } now || request.OldObject is not { } before)
            return Answer.Allow;
        if (before.Annotation(ApiNames.OriginalSelectorAnnotation) is not { } recorded)
            return Answer.Allow;
        var patch = new ObjectPatch(now).Annotate(ApiNames.OriginalSelectorAnnotation, recorded);
        if (before.Text("metadata", "labels", ApiNames.ManagedLabel) is { } managed)
            patch.Label(ApiNames.ManagedLabel, managed);
        if (before.Annotation(ApiNames.CanaryAnnotation) is { } canary)
            patch.Annotate(ApiNames.CanaryAnnotation, canary);
        // An ExternalName has no endpoints: there is nothing to keep, and the Canary says so.
        if (now.Text("spec", "type") == "ExternalName")
            return Answer.Change(patch);
        var (ours, written) = (Selectors.Of(before.Find("spec", "selector")), Selectors.Of(now.Find("spec", "selector")));
        if (Selectors.Same(ours, written))
            return Answer.Change(patch);
        patch.Spec("selector", new JsonObject(ours.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))));
        var original = Selectors.Parse(recorded);
        var wanted = Selectors.Without(written, ours, original);
        // A patch that only took one of our keys away wrote no selector of its own.
        if (wanted.Count == 0 || Selectors.Same(wanted, original))
            return Answer.Change(patch);
        patch.Annotate(ApiNames.OriginalSelectorAnnotation, Selectors.Write(wanted));
        return Answer.Change(patch, $"meshcanary: the selector stays as the Canary has set it; {Selectors.Write(wanted)} is noted as the Service's own and comes back when the Canary is deleted.");
    }
}
