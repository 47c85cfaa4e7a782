using MeshCanary.Contracts.V1;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>Keeps each report once, as the controller does, and adds them up.</summary>
internal sealed class ReportStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<ulong, IntervalReport> _reports = [];

    /// <summary>Reports that came again.</summary>
    public int Repeats { get; private set; }

    public IReadOnlyList<IntervalReport> Reports
    {
        get
        {
            lock (_gate)
                return [.. _reports.Values];
        }
    }

    public void Add(IntervalReport report)
    {
        lock (_gate)
        {
            if (!_reports.TryAdd(report.Sequence, report))
                Repeats++;
        }
    }

    public RevisionSums Sums(string? revision = null)
    {
        var counts = Reports.SelectMany(report => report.Routes).SelectMany(route => route.Revisions)
            .Where(counts => revision is null || counts.Revision == revision).ToList();
        return new RevisionSums(
            counts.Sum(c => c.Latency.Sum(bucket => (long)bucket.Count)),
            counts.Sum(c => (long)c.ServerErrors),
            counts.Sum(c => (long)c.GrpcErrors),
            counts.Sum(c => (long)c.ConnectionFailures),
            counts.Sum(c => (long)c.Timeouts),
            counts.Sum(c => (long)c.ClientAborts),
            counts.Sum(c => (long)c.Diverted),
            counts.Sum(c => (long)c.Retries),
            counts.Sum(c => (long)c.TurnedAway));
    }

    /// <summary>First visits by the arm that was drawn, for a canary.</summary>
    public (long Stable, long Canary) Users(string canary)
    {
        var users = Reports.SelectMany(report => report.Routes).SelectMany(route => route.Users)
            .Where(users => users.CanaryRevision == canary).ToList();
        return (users.Sum(u => OutcomeSums.Total(u.Stable)), users.Sum(u => OutcomeSums.Total(u.Canary)));
    }

    public (long Stable, long Canary) Draws(ulong? version = null)
    {
        var draws = Reports.SelectMany(report => report.Routes).SelectMany(route => route.Draws)
            .Where(draws => version is null || draws.SnapshotVersion == version).ToList();
        return (draws.Sum(d => (long)d.Stable), draws.Sum(d => (long)d.Canary));
    }
}
