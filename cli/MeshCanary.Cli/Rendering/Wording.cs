using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Judging;
using MeshCanary.Controller.Api;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Cli.Rendering;

/// <summary>The words for states.</summary>
internal static class Wording
{
    /// <summary>The phase in two words at most.</summary>
    public static string Of(Phase phase) => phase switch
    {
        Phase.RollingBack => "rolling back",
        _ => phase.ToString().ToLowerInvariant(),
    };

    /// <summary>How a run ended.</summary>
    public static string Of(RunOutcome outcome) => outcome switch
    {
        RunOutcome.PromotedByHand => "promoted by hand",
        RunOutcome.RolledBack => "rolled back",
        RunOutcome.ReturnedToStable => "returned to stable",
        _ => outcome.ToString().ToLowerInvariant(),
    };

    /// <summary>What the evidence says.</summary>
    public static string Of(VerdictKind verdict) => verdict switch
    {
        VerdictKind.NotEnoughData => "not enough data yet",
        _ => verdict.ToString().ToLowerInvariant(),
    };

    /// <summary>A metric as people say it.</summary>
    public static string Metric(string metric) =>
        metric.StartsWith("latencyP", StringComparison.Ordinal) ? $"latency p{metric["latencyP".Length..]}" : metric;

    /// <summary>Whether a run is in flight.</summary>
    public static bool IsInFlight(CanaryView canary) => canary.Run is { Outcome: null };

    /// <summary>Phase and step: <c>progressing 2/3</c>.</summary>
    public static string PhaseAndStep(CanaryView canary) =>
        canary.Phase is Phase.Progressing or Phase.Paused && canary.Run is { } run
            ? $"{Of(canary.Phase)} {run.Step + 1}/{canary.Steps}"
            : Of(canary.Phase);

    /// <summary>The versions that matter now: <c>v1 → v2</c> in a run, <c>v2 → v1</c> on the way back, and what failed beside what stays.</summary>
    public static string Versions(CanaryView canary) => canary switch
    {
        { Phase: Phase.RollingBack, Run: { } run } => $"{run.Canary.Name} → {canary.Stable.Name}",
        { Phase: Phase.Failed, Run: { } run } => $"{canary.Stable.Name}, {run.Canary.Name}",
        { Run: { Outcome: null } run } => $"{run.Baseline.Name} → {run.Canary.Name}",
        _ => canary.Stable.Name,
    };

    /// <summary>Why the run stands where it does, or null. While it warms up nothing is counted, so counts would only puzzle.</summary>
    public static string? Reason(CanaryView canary, DateTimeOffset now)
    {
        if (canary.Run?.Reason is { Length: > 0 } told)
            return told;
        if (IsInFlight(canary) && canary.Run!.WarmupUntil is { } until && until > now && canary.Verdict is null or { Kind: VerdictKind.NotEnoughData })
            return $"warming up until {Figures.TimeOfDay(until)} UTC: guards watch, and the tests begin to count then";
        return canary.Verdict?.Reason;
    }

    /// <summary>What is known of the service's own noise, in one line.</summary>
    public static string Noise(CalibrationView calibration)
    {
        var known = string.Join(", ", calibration.Metrics.Select(metric => FormattableString.Invariant($"{Metric(metric.Metric)} ×{metric.Louder ?? metric.Overdispersion:0.0}")));
        var standing = calibration.Standing switch
        {
            CalibrationStanding.Fresh => "measured",
            CalibrationStanding.Missing => "not measured",
            CalibrationStanding.TooShort => "measured too shortly",
            _ => "measured too long ago",
        };
        return (known.Length == 0 ? standing : $"{standing}: {known}") + (calibration.Reason is { } reason ? $" ({reason.TrimEnd('.')})" : "");
    }

    /// <summary>What the server waits for and what then happens, or null.</summary>
    public static string? Waiting(WaitingFor? waiting, DateTimeOffset now)
    {
        if (waiting is null)
            return null;
        var what = waiting.What.TrimEnd('.');
        var then = waiting.Then.TrimEnd('.');
        if (waiting.Until is not { } until)
            return then.Length == 0 ? what : $"{what}; then: {then}";
        var left = until > now ? $"at most {Figures.Duration(until - now)} more" : "its time is over";
        return then.Length == 0 ? $"{what} ({left})" : $"{what} ({left}; then: {then})";
    }
}
