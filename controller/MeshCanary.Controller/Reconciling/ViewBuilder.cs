using System.Collections.Immutable;
using System.Text.Json;
using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Explaining;
using MeshCanary.Analysis.Samples;
using MeshCanary.Controller.Api;
using MeshCanary.Controller.Exposing;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Recording;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Strategies;

namespace MeshCanary.Controller.Reconciling;

/// <summary>Writes what a Canary looks like to people. Pure.</summary>
internal static class ViewBuilder
{
    /// <summary>The view; its version is given when it is published.</summary>
    public static CanaryView Build(CanaryState state, Sight seen, DateTimeOffset now)
    {
        var (record, status) = (state.Record, state.Record.Status);
        var plan = TrafficPlan.For(status);
        var analysis = record.Analysis is { } latest && latest.RunId == status.Run?.Id ? latest : null;
        return new CanaryView
        {
            Namespace = record.Manifest.Namespace,
            Name = record.Manifest.Name,
            Phase = status.Phase,
            PhaseSince = status.PhaseSince,
            Stable = status.Stable,
            Run = status.Run,
            Steps = RolloutStrategies.Get(record.Manifest.Spec.Strategy.Type).Plan(record.Manifest.Spec.Strategy).Steps.Length,
            WaitingFor = status.WaitingFor,
            Weight = new WeightView(plan.CanaryWeight.Value, seen.Traffic.Acknowledged?.CanaryWeight.Value, Measured(state.Last, plan.Stable, plan.Canary)),
            Verdict = analysis?.Verdict,
            Explanation = analysis is { Verdict: { } verdict } ? [.. VerdictExplanation.Of(verdict, analysis.Settings), .. Asked(state.Last)] : [],
            Asked = analysis?.Asked ?? [],
            Arms = state.Last is { } last
                ? new ArmsView(Arm(last, plan.Stable, seen.Ready), plan.Canary is null ? null : Arm(last, plan.Canary, seen.Ready))
                : null,
            Circuits = Circuits(seen.Reading.Standings, plan.Canary),
            Exposure = Exposure(record),
            Mirrored = analysis?.Mirrored,
            Calibration = Calibration(state.Calibration.ProfileAt(now), RunFolding.Wants(status) ? record.Analysis : null),
            Proxies = seen.Routing.Proxies,
            Version = 0,
        };
    }

    private static ImmutableArray<CircuitView> Circuits(ImmutableDictionary<string, ProxyStanding> standings, Revision? canary) =>
    [
        .. standings.Values.Where(standing => canary is not null && standing.Circuit?.CanaryRevision == canary.Name)
            .OrderBy(standing => standing.Proxy, StringComparer.Ordinal)
            .Select(standing => new CircuitView(standing.Proxy, JsonNamingPolicy.CamelCase.ConvertName(standing.Circuit!.State.ToString()), standing.Circuit.Openings)),
    ];

    private static ExposureView? Exposure(CanaryRecord record)
    {
        if (record.Exposure is not { } ledger || record.Status.Run is not { } run || ledger.Run != ExposureLedger.NameOf(run))
            return null;
        var sum = ledger.Sum();
        return new ExposureView(ledger.MaxRequests, sum.Requests, sum.SpentRequests, ledger.MaxFailures, sum.Failures, sum.SpentFailures);
    }

    private static CalibrationView Calibration(CalibrationProfile profile, RunAnalysis? analysis)
    {
        var louder = analysis?.Judge?.Noise?.Louder.OfType<MetricAlarm>().ToDictionary(alarm => alarm.Metric, alarm => alarm.Live);
        return new CalibrationView(profile.Standing, profile.Reason, profile.MeasuredAt,
        [
            .. profile.Metrics.Select(metric => new CalibrationMetricView(
                metric.Metric, metric.Overdispersion, metric.Blocks, metric.ComparedBlocks, louder?.TryGetValue(metric.Metric, out var live) == true ? live : null)),
        ]);
    }

    private static IEnumerable<string> Asked(ClosedWindow? window) => window is null or { Queries.IsEmpty: true }
        ? []
        : [$"The counts were asked for; those of the last interval by {string.Join(" and ", window.Queries)}."];

    // A source that sees no draws has what was served, which is the same but for what a rule or an outage moved.
    private static int? Measured(ClosedWindow? window, Revision stable, Revision? canary)
    {
        if (window is null || canary is null)
            return null;
        var drawn = window.Draws.Where(pair => pair.Key.Revision == canary.Name).Select(pair => pair.Value).ToList();
        var (ours, all) = window.Queries.IsEmpty
            ? (drawn.Sum(draws => draws.Canary), drawn.Sum(draws => draws.Canary + draws.Stable))
            : (window.Of(canary.Name).Counts.Attempts, window.Of(canary.Name).Counts.Attempts + window.Of(stable.Name).Counts.Attempts);
        return all == 0 ? null : (int)Math.Round(10_000.0 * ours / all);
    }

    private static ArmView Arm(ClosedWindow window, Revision revision, ImmutableDictionary<string, int> ready)
    {
        var counts = window.Of(revision.Name).Counts;
        return new ArmView
        {
            Revision = revision.Name,
            Requests = counts.Requests,
            Errors = counts.Errors,
            Rate = counts.Requests / (window.End - window.Start).TotalSeconds,
            P50 = Quantile(counts.Latency, 0.50),
            P90 = Quantile(counts.Latency, 0.90),
            P99 = Quantile(counts.Latency, 0.99),
            ReadyEndpoints = ready.GetValueOrDefault(revision.Name),
            Endpoints = revision.Addresses.Length,
        };
    }

    private static double? Quantile(LatencyHistogram latency, double share) =>
        latency.QuantileBucket(share) is { } bucket ? LatencyBuckets.UpperEdgeSeconds(Math.Min(bucket, LatencyBuckets.LastFinite)) : null;
}
