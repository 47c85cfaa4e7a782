using System.Text.Json;
using MeshCanary.Controller.Admission.Reviews;
using MeshCanary.Controller.Crds;

namespace MeshCanary.Controller.Admission.Holding;

/// <summary>
/// Pauses a Deployment under a Canary in the same write that gives it a template other than the promoted one, so that no pod of
/// the new version starts outside its arm. Keeps our marks on it, also when a whole manifest replaces the object.
/// </summary>
/// <param name="workloads">Which Deployments are under a Canary.</param>
/// <param name="us">Name of our own service account: what it writes is meant so.</param>
internal sealed class DeploymentRule(IHeldWorkloads workloads, string us) : IAdmissionRule
{
    private const string Unknown = "unknown";

    public string Path => "/deployments";

    public Answer Review(AdmissionRequest request)
    {
        if (request.UserInfo.Username == us || request.Object is not { } now || request.OldObject is not { } before)
            return Answer.Allow;
        var held = before.Text("metadata", "uid") is { } uid ? workloads.Find(uid) : null;
        if (held is null && before.Annotation(ApiNames.CanaryAnnotation) is null)
            return Answer.Allow;
        var patch = Keep(before, now);
        if (before.Annotation(ApiNames.HeldAnnotation) is not null && HandResume.Is(before, now))
            return Answer.Change(
                patch.Annotate(ApiNames.HeldAnnotation, null).Annotate(ApiNames.ResumedByAnnotation, request.UserInfo.Username),
                "meshcanary: the hold is lifted by hand; the new version rolls out without analysis and is recorded as promoted by hand.");
        return MustHold(held, before, now) ? Hold(held, before, now, patch) : Answer.Change(KeepState(before, now, patch));
    }

    /// <summary>Whether this write must not roll out.</summary>
    private static bool MustHold(HeldWorkload? held, JsonElement before, JsonElement now)
    {
        var template = now.Find("spec", "template");
        var isChanged = !PodTemplates.Same(before.Find("spec", "template"), template);
        // A replica that does not know the promoted template holds every change: the controller lifts a hold that was not needed.
        var isAway = held is null ? isChanged : !PodTemplates.Same(held.Template, template);
        var isResumed = before.Annotation(ApiNames.ResumedByAnnotation) is not null && !isChanged;
        // A manifest without 'paused' that replaces a held object is no resume, whatever its template.
        var isLost = before.Annotation(ApiNames.HeldAnnotation) is not null && before.IsTrue("spec", "paused") && !now.IsTrue("spec", "paused");
        return (isAway && !isResumed) || isLost;
    }

    private static Answer Hold(HeldWorkload? held, JsonElement before, JsonElement now, ObjectPatch patch)
    {
        if (!now.IsTrue("spec", "paused"))
            patch.Spec("paused", true);
        patch.Annotate(ApiNames.HeldAnnotation, held?.Revision ?? before.Annotation(ApiNames.HeldAnnotation) ?? Unknown);
        return Answer.Change(patch.Annotate(ApiNames.ResumedByAnnotation, null));
    }

    private static ObjectPatch KeepState(JsonElement before, JsonElement now, ObjectPatch patch)
    {
        if (now.IsTrue("spec", "paused") && before.Annotation(ApiNames.HeldAnnotation) is { } mark)
            patch.Annotate(ApiNames.HeldAnnotation, mark);
        if (before.Annotation(ApiNames.ResumedByAnnotation) is { } person)
            patch.Annotate(ApiNames.ResumedByAnnotation, person);
        return patch;
    }

    // What replaces the object does not know of our marks; without the label the next write would not reach us.
    private static ObjectPatch Keep(JsonElement before, JsonElement now)
    {
        var patch = new ObjectPatch(now);
        if (before.Text("metadata", "labels", ApiNames.ManagedLabel) is { } managed)
            patch.Label(ApiNames.ManagedLabel, managed);
        if (before.Annotation(ApiNames.CanaryAnnotation) is { } canary)
            patch.Annotate(ApiNames.CanaryAnnotation, canary);
        return patch;
    }
}
