using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Reporting;

/// <summary>Reads the first visits of one run and keeps what it read, so that the next reading is the difference.</summary>
internal sealed class VisitReading(FirstVisits visits)
{
    private readonly OutcomeReading _stable = new(visits.Stable);
    private readonly OutcomeReading _canary = new(visits.Canary);
    private long _uncounted;

    public FirstVisits Visits { get; } = visits;

    /// <summary>
    /// Takes what was counted since the last call. Null when nothing was, unless the run is in force: whether nobody came or
    /// nobody counts are two things.
    /// </summary>
    public UserCounts? Take(bool inForce)
    {
        var uncounted = Visits.Uncounted;
        var counts = new UserCounts
        {
            StableRevision = Visits.StableRevision,
            CanaryRevision = Visits.CanaryRevision,
            Stable = Take(_stable),
            Canary = Take(_canary),
            Uncounted = (ulong)(uncounted - _uncounted),
        };
        _uncounted = uncounted;
        return inForce || counts.Stable is not null || counts.Canary is not null || counts.Uncounted > 0 ? counts : null;
    }

    private static OutcomeCounts? Take(OutcomeReading reading)
    {
        Span<long> difference = stackalloc long[OutcomeCells.Count];
        return reading.Take(difference) ? OutcomeWire.Of(difference) : null;
    }
}
