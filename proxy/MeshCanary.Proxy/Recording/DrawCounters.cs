namespace MeshCanary.Proxy.Recording;

/// <summary>How often each arm of a route was drawn while one snapshot was in force.</summary>
internal sealed class DrawCounters(string route, ulong version, string canaryRevision, uint canaryWeight)
{
    private const int StableCell = 0;
    private const int CanaryCell = 1;

    private const int Repeats = 2;

    private readonly StripedCells _cells = new(4);

    public string Route { get; } = route;

    public ulong Version { get; } = version;

    public string CanaryRevision { get; } = canaryRevision;

    public uint CanaryWeight { get; } = canaryWeight;

    /// <summary>What was drawn so far. Not one cut: each draw is in this reading or in the next, once.</summary>
    public DrawTotals Totals =>
        new(_cells.Sum(StableCell), _cells.Sum(CanaryCell), _cells.Sum(Repeats + StableCell), _cells.Sum(Repeats + CanaryCell));

    /// <summary>Counts a draw; a repeat brought its user key along.</summary>
    public void Record(bool canary, bool repeat) => _cells.Increment((canary ? CanaryCell : StableCell) + (repeat ? Repeats : 0));
}
