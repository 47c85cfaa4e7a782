using System.Collections.Immutable;
using MeshCanary.Controller.Api;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Controller.Reconciling;

/// <summary>Tells the outside what a reconcile came to.</summary>
internal sealed class CanaryPublisher(CanaryFeed feed, RolloutMetrics metrics)
{
    /// <summary>Tells why a reconcile failed.</summary>
    public void Fail(string problem) => feed.Fail(problem);

    /// <summary>Publishes the view and the figures; <paramref name="told"/> says that the decision log has grown.</summary>
    public void Publish(CanaryState state, Sight seen, ImmutableArray<Run> ended, bool told, DateTimeOffset now)
    {
        var view = ViewBuilder.Build(state, seen, now);
        if (view.Phase == Phase.Releasing && state.Record.Status.Released)
            metrics.Forget(state.Record.Key);
        else
            metrics.Show(state.Record.Key, view, ended);
        feed.Publish(view, told);
    }
}
