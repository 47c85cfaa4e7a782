using System.Collections.Immutable;
using System.Globalization;
using MeshCanary.Analysis.Samples;
using MeshCanary.Controller.Metrics.Prometheus.Asking;
using MeshCanary.Controller.Metrics.Prometheus.Naming;

namespace MeshCanary.Controller.Metrics.Prometheus.Cutting;

/// <summary>
/// Cuts windows out of raw samples: a function of the samples in them and a little before, so that a window is the same whenever it is
/// asked for, and with whichever others. Both arms come from the same samples and the same two instants. A window is there when the
/// increase of some counter is known in it. Used once.
/// </summary>
internal sealed class WindowCutter(SourceQueries queries, ScrapeHabit habit, WindowGrid grid)
{
    // A counter and its histogram may be read a moment apart.
    private const double Untimed = 0.1;
    private const double FewUntimed = 20;

    private readonly Dictionary<(int Window, string Revision, string Endpoint), EndpointTally> _tallies = [];
    private readonly HashSet<int> _present = [];
    private readonly long _back = (long)habit.Back.TotalMilliseconds;
    private string? _fault;

    /// <summary>Cuts them.</summary>
    public CutWindows Cut(ImmutableArray<PrometheusSeries> requests, ImmutableArray<PrometheusSeries> latencies)
    {
        var scrapes = new Scrapes(requests.Concat(latencies));
        foreach (var series in requests)
            CutRequests(series, scrapes);
        foreach (var readings in LatencyReadings.Of(latencies, queries.SecondsPerUnit))
            CutLatency(readings, scrapes);
        _fault ??= FindUntimed();
        return _fault is not null
            ? new CutWindows([], _fault)
            : new CutWindows([.. Enumerable.Range(0, grid.Count).Select(window => _present.Contains(window) ? Close(window) : null)], null);
    }

    private void CutRequests(PrometheusSeries series, Scrapes scrapes)
    {
        if (series.Samples.IsEmpty || queries.Revisions.Of(series) is not { } revision)
            return;
        if (series.Samples.FirstOrDefault(sample => !(sample.Value >= 0 && double.IsFinite(sample.Value))) is { At: > 0 } odd)
        {
            _fault ??= $"the counter {queries.Requests} of {TargetName.Of(series)} holds {odd.Value.ToString(CultureInfo.InvariantCulture)}, which is no count";
            return;
        }

        // Given up comes first: it may look like a failure besides.
        var ignored = queries.Ignored.Any(pattern => pattern.Matches(series));
        var failed = queries.Errors.Any(pattern => pattern.Matches(series));
        var readings = series.Samples.Select(sample => (sample.At, Counts: new[] { sample.Value })).ToList();
        foreach (var (at, counts) in Increase.Of(readings, _back, at => scrapes.Precede(series, at, _back)))
        {
            if (Tally(at, revision, series) is not { } tally || ignored)
                continue;
            if (failed)
                tally.Errors += counts[0];
            else
                tally.Succeeded += counts[0];
        }
    }

    private void CutLatency(LatencyReadings histogram, Scrapes scrapes)
    {
        if (queries.Revisions.Of(histogram.Any) is not { } revision
            || queries.Ignored.Concat(queries.Errors).Any(pattern => pattern.Matches(histogram.Any)))
            return;
        var readings = histogram.At(habit.Boundaries, out var fault);
        _fault ??= fault;
        if (fault is not null || readings.Count == 0)
            return;
        foreach (var (at, counts) in Increase.Of(readings, _back, at => scrapes.Precede(histogram.Any, at, _back)))
            Tally(at, revision, histogram.Any)?.Add(counts);    }

    private EndpointTally? Tally(long at, string revision, PrometheusSeries series)
    {
        if (grid.IndexOf(at) is not { } window)
            return null;
        _present.Add(window);
        var key = (window, revision, queries.Revisions.TellsEndpoints ? queries.Revisions.EndpointOf(series) : "");
        if (!_tallies.TryGetValue(key, out var tally))
            _tallies[key] = tally = new EndpointTally(habit.Boundaries);
        return tally;
    }

    // Requests without a latency are not counted, so there must not be many of them.
    private string? FindUntimed()
    {
        foreach (var window in _tallies.GroupBy(pair => pair.Key.Window, pair => pair.Value))
        {
            var (succeeded, timed) = (window.Sum(tally => tally.Succeeded), window.Sum(tally => tally.Timed));
            if (succeeded - timed > Math.Max(FewUntimed, Untimed * succeeded))
                return $"{queries.Requests} counts {succeeded.ToString("0", CultureInfo.InvariantCulture)} requests that did not fail in the window from {grid.StartOf(window.Key):HH:mm:ss} UTC, and {queries.Latency} only {timed.ToString("0", CultureInfo.InvariantCulture)} of them";
        }

        return null;
    }

    private ClosedWindow Close(int window)
    {
        var arms = _tallies.Where(pair => pair.Key.Window == window).GroupBy(pair => pair.Key.Revision, StringComparer.Ordinal);
        return new ClosedWindow
        {
            Start = grid.StartOf(window),
            End = grid.StartOf(window + 1),
            Revisions = arms.ToImmutableDictionary(arm => arm.Key, arm => Arm(arm.Select(pair => new EndpointCounts(pair.Key.Endpoint, pair.Value.Close())))),
            Users = ImmutableDictionary<(string Stable, string Canary), UserSample>.Empty,
            Draws = ImmutableDictionary<(string Revision, int Weight), WindowDraws>.Empty,
            ConfigVersions = [],
            Sequences = ImmutableDictionary<string, long>.Empty,
        };
    }

    private WindowArm Arm(IEnumerable<EndpointCounts> endpoints)
    {
        var served = endpoints.Where(endpoint => endpoint.Counts.Requests > 0).OrderBy(endpoint => endpoint.Endpoint, StringComparer.Ordinal).ToImmutableArray();
        var sum = served.Aggregate(ArmCounts.None, (sum, endpoint) => sum.Merge(endpoint.Counts));
        return new WindowArm(sum, queries.Revisions.TellsEndpoints ? served : []);
    }
}
