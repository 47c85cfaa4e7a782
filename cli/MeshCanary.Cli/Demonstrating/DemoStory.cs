using MeshCanary.Analysis.Judging;
using MeshCanary.Cli.Client;
using MeshCanary.Controller.Api;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Cli.Demonstrating;

/// <summary>Remembers from the frames what the summary needs.</summary>
internal sealed class DemoStory
{
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
        if (DecidedAt is not null)
            return;
        Verdict = canary.Verdict ?? Verdict;
        if (canary.Phase is Phase.Promoting or Phase.Baking or Phase.RollingBack or Phase.Failed)
            DecidedAt = canary.PhaseSince;
    }
}
