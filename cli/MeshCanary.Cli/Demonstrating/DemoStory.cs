using MeshCanary.Analysis.Judging;
using MeshCanary.Cli.Client;
using MeshCanary.Controller.Api;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Cli.Demonstrating;

/// <summary>Remembers from the frames what the summary needs.</summary>
internal sealed class DemoStory
{
    private bool _isBack;

    /// <summary>The newest frame.</summary>
    public CanaryView? Last { get; private set; }

    /// <summary>When the first canary traffic was allowed.</summary>
    public DateTimeOffset? FirstTraffic { get; private set; }

    /// <summary>When it was decided to promote or to roll back.</summary>
    public DateTimeOffset? DecidedAt { get; private set; }

    /// <summary>The verdict that was decided on.</summary>
    public Verdict? Verdict { get; private set; }

    /// <summary>Whether the rollout is over, one way or the other.</summary>
    public bool IsOver => Last is { Phase: Phase.Stable or Phase.Failed, Run.Outcome: not null };

    /// <summary>Takes a frame.</summary>
    public void Take(Frame frame)
    {
        var canary = frame.Canary;
        Last = canary;
        if (canary.Run is null)
            return;
        if (canary.Run.StepAcknowledgedAt is { } acknowledged)
            FirstTraffic ??= acknowledged;
        var isBack = canary.Phase is Phase.RollingBack or Phase.Failed;
        // A version may still fail while it is promoted: then that is the decision.
        if (DecidedAt is null || (isBack && !_isBack))
        {
            Verdict = canary.Verdict ?? Verdict;
            _isBack = isBack;
            if (isBack || canary.Phase is Phase.Promoting or Phase.Baking)
                DecidedAt = canary.PhaseSince;
        }

        // The one that the run's reason repeats, whenever it shows: figures and reason are of one verdict.
        if (canary.Verdict is { } verdict && verdict.Reason == canary.Run.Reason)
            Verdict = verdict;
    }
}
