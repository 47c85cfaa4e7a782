using MeshCanary.Cli.Client;
using MeshCanary.Controller.Api;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Cli.Rendering;

/// <summary>
/// A rollout as plain lines of at most 80 columns, for logs: every decision as it happens, and figures at a steady pace.
/// </summary>
internal sealed class ProgressLog(DateTimeOffset start, TimeSpan pace)
{
    private const int Width = 80;
    private const int RowsPerHeading = 20;

    private DateTimeOffset _lastFigures = DateTimeOffset.MinValue;
    private string _lastState = "";
    private string _lastReason = "";
    private string _lastVersions = "";
    private string? _lastProblem;
    private int _rowsSinceHeading;

    /// <summary>The lines that a frame adds.</summary>
    public IEnumerable<string> Lines(Frame frame, DateTimeOffset now)
    {
        foreach (var entry in frame.NewEvents)
            foreach (var line in Indented($"{Figures.Clock(entry.At - start),5} * ", entry.Message))
                yield return line;

        if (frame.Canary.Problem is { } problem && problem != _lastProblem)
        {
            foreach (var line in Indented($"{Figures.Clock(now - start),5} ! ", $"PROBLEM: {problem} (the figures are from before)"))
                yield return line;
        }

        _lastProblem = frame.Canary.Problem;
        var state = $"{Wording.PhaseAndStep(frame.Canary)} {frame.Canary.Weight.Desired} {frame.Canary.Weight.Acknowledged}";
        if (state == _lastState && now - _lastFigures < pace)
            yield break;
        (_lastState, _lastFigures) = (state, now);
        foreach (var line in Heading(frame.Canary))
            yield return line;
        yield return Row(frame.Canary, now);
        foreach (var line in Evidence(frame.Canary, now))
            yield return line;
    }

    // At the start, now and then, and whenever the versions change.
    private IEnumerable<string> Heading(CanaryView canary)
    {
        var versions = $"{"stable " + Cut(canary.Stable.Name, 14),21}";
        if (canary.Run is { } run && run.Canary != canary.Stable && (run.Outcome is null || canary.Phase is Phase.RollingBack or Phase.Failed))
            versions += $" {(canary.Phase == Phase.Failed ? "failed " : "canary ") + Cut(run.Canary.Name, 14),21}";
        if (versions == _lastVersions && ++_rowsSinceHeading < RowsPerHeading)
            yield break;
        (_lastVersions, _rowsSinceHeading) = (versions, 0);
        const string Columns = " req/s  errors    p99";
        yield return $" time {"phase",-15} {"weight in %",13} {versions}";
        yield return $"{"",21} {"want/ack/seen",13} {Columns} {Columns}";
    }

    private string Row(CanaryView canary, DateTimeOffset now)
    {
        var weight = canary.Weight;
        var weights = $"{Bare(weight.Desired)}/{Bare(weight.Acknowledged)}/{Bare(weight.Measured)}";
        return $"{Figures.Clock(now - start),5} {Wording.PhaseAndStep(canary),-15} {weights,13} {Arm(canary.Arms?.Stable)} {Arm(canary.Arms?.Canary)}".TrimEnd();
    }

    private IEnumerable<string> Evidence(CanaryView canary, DateTimeOffset now)
    {
        if (canary.Verdict is not { } verdict || canary.Phase is Phase.Stable or Phase.Failed)
            yield break;
        foreach (var metric in verdict.Metrics)
        {
            var (harm, safety) = (EvidenceLevels.Harm(verdict, metric), EvidenceLevels.Safety(verdict, metric));
            yield return $"      {Wording.Metric(metric.Metric),-13} harm {Bar.Plain(harm, 14)} {Math.Floor(harm * 100),3:0}%   safe {Bar.Plain(safety, 14)} {Math.Floor(safety * 100),3:0}%";
        }

        var reason = Wording.Reason(canary with { Run = canary.Run is { } run ? run with { Reason = null } : null }, now) ?? verdict.Reason;
        if (reason == _lastReason)
            yield break;
        _lastReason = reason;
        foreach (var line in Indented("      ", $"score {verdict.Score:0}, {Wording.Of(verdict.Kind)}: {reason}"))
            yield return line;
    }

    private static string Arm(ArmView? arm) => arm is null
        ? new string(' ', 21)
        : $"{Figures.Rate(arm.Rate),6} {Figures.Percent(arm.Errors, arm.Requests),7} {Figures.Latency(arm.P99),6}";

    private static string Bare(int? basisPoints) => Figures.Share(basisPoints).TrimEnd('%');

    private static string Cut(string text, int length) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 1), "…");

    private static IEnumerable<string> Indented(string lead, string text)
    {
        var indent = lead.Length;
        foreach (var line in TextWrap.Lines(text, Width - indent))
        {
            yield return lead + line;
            lead = new string(' ', indent);
        }
    }
}
