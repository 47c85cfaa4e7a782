using MeshCanary.Analysis.Judging.Streams;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Judging.Endpoints;

/// <summary>
/// Tells one bad endpoint from a bad version: every endpoint of the canary is left out in turn. With one endpoint there is
/// nothing to leave out, and the two cannot be told apart.
/// </summary>
/// <remarks>
/// An endpoint is suspect when a regression is proven, the evidence without it never reached the threshold, and it is
/// itself worse than the canary's other endpoints (e-value of at least 20, no margin). Without the last condition two
/// endpoints of a bad version would each hold half of the evidence, and the rollback would wait until either half is enough.
/// The endpoints are those seen first, in that order: which ones are watched is settled before they are tested.
/// </remarks>
internal sealed class EndpointWatches
{
    /// <summary>Endpoints that are watched: what an interval costs stays bounded.</summary>
    public const int Most = 16;

    /// <summary>Intervals without a request after which an endpoint serves no longer.</summary>
    public const int GoneAfter = 3;

    /// <summary>ln 20: the error rate of "stands out" is 5 % for each endpoint.</summary>
    public static readonly double ApartThreshold = -Math.Log(0.05);

    private readonly MetricStream[] _streams;
    private readonly GlobalEvidence _global;
    private readonly List<EndpointWatch> _watches = [];
    private readonly EndpointTallies[] _arms;

    public EndpointWatches(MetricStream[] streams, GlobalEvidence global)
    {
        (_streams, _global) = (streams, global);
        _arms = new EndpointTallies[streams.Length];
    }

    /// <summary>Endpoints watched.</summary>
    public int Count => _watches.Count;

    /// <summary>Whether there were more endpoints than are watched.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>Takes a counted interval, before the streams take it.</summary>
    public void Observe(IntervalSample sample, in ComparedArms arms)
    {
        if (sample.CanaryEndpoints.IsDefaultOrEmpty)
            return;
        foreach (var endpoint in sample.CanaryEndpoints)
            Find(endpoint);
        for (var m = 0; m < _streams.Length; m++)
        {
            var metric = _streams[m].Metric;
            _arms[m] = new EndpointTallies(metric.Bad(arms.Canary), metric.BeyondTolerance(arms.Canary), metric.Bad(arms.Stable));
        }

        foreach (var watch in _watches)
            watch.Observe(sample, _arms);
    }

    /// <summary>
    /// The endpoint that a proven regression comes from, or null when it comes from the version: one that serves before one
    /// that is gone, and among them the one that stands out most.
    /// </summary>
    public EndpointSuspect? Suspect(double failThreshold)
    {
        EndpointWatch? suspect = null;
        foreach (var watch in _watches)
        {
            if (watch.Without >= failThreshold || watch.Apart < ApartThreshold)
                continue;
            if (suspect is null || (IsGone(suspect), watch.Apart).CompareTo((IsGone(watch), suspect.Apart)) > 0)
                suspect = watch;
        }

        return suspect is null ? null : new EndpointSuspect(suspect.Name, suspect.Without, suspect.Apart, IsGone(suspect));
    }

    public EndpointsState Save() => new(IsOverfull, [.. _watches.Select(watch => watch.Save())]);

    public void Restore(EndpointsState state)
    {
        IsOverfull = state.IsOverfull;
        foreach (var saved in state.Endpoints.IsDefault ? [] : state.Endpoints)
        {
            var watch = new EndpointWatch(saved.Endpoint, _streams, _global);
            watch.Restore(saved);
            _watches.Add(watch);
        }
    }

    private static bool IsGone(EndpointWatch watch) => watch.Absent >= GoneAfter;

    private void Find(EndpointCounts endpoint)
    {
        foreach (var watch in _watches)
        {
            if (watch.Name == endpoint.Endpoint)
                return;
        }

        if (endpoint.Counts.Attempts == 0)
            return;
        if (_watches.Count < Most)
            _watches.Add(new EndpointWatch(endpoint.Endpoint, _streams, _global));
        else
            IsOverfull = true;
    }
}
