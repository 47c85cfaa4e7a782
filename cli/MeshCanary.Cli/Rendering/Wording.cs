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
