using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Crds.Statuses;
using MeshCanary.Controller.Recording.Cluster;
using MeshCanary.Machinery.Events;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Keeping;

/// <summary>Says in the status of a Canary object why it is not under control. Nothing else of the status is touched.</summary>
internal sealed class UnkeptStatus(ICanaryObjects objects, EventRecorder events, TimeProvider time)
{
    /// <summary>Tells it, unless it is told already.</summary>
    public async Task TellAsync(CanaryObject present, string condition, ConditionFault fault, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var before = present.Status ?? new CanaryStatus();
        var conditions = (before.Conditions ?? []).RemoveAll(one => one.Type == condition || one.Type == ConditionTypes.Ready)
            .AddRange(StatusText.Merge(Wanted(condition, fault), before.Conditions ?? [], present.Metadata.Generation, now));
        var since = before.WaitingFor is { } wait && wait.What == fault.Message ? wait.Since : now;
        var status = before with
        {
            ObservedGeneration = present.Metadata.Generation,
            Phase = before.Engine is null ? Phase.Adopting : before.Phase,
            Conditions = conditions,
            WaitingFor = new CanaryWait { What = fault.Message, Since = since, Then = "it is adopted; nothing is touched before" },
        };
        if (before.Conditions is { } told && told.SequenceEqual(conditions) && before.WaitingFor == status.WaitingFor && before.ObservedGeneration == status.ObservedGeneration)
            return;
        await objects.WriteStatusAsync(ObjectKey.Of(present), present.Metadata.ResourceVersion, status, cancellation).ConfigureAwait(false);
        events.Record(new ObjectEvent(ObjectEvent.To(present), IsWarning: true, fault.Reason, "Adopt", fault.Message));
    }

    private static IEnumerable<(string Type, bool? Holds, string Reason, string Message)> Wanted(string condition, ConditionFault fault)
    {
        yield return (ConditionTypes.Ready, false, fault.Reason, fault.Message);
        if (condition != ConditionTypes.Ready)
            yield return (condition, true, fault.Reason, fault.Message);
    }
}
