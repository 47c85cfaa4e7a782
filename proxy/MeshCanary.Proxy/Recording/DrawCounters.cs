namespace MeshCanary.Proxy.Recording;

/// <summary>How often each arm of a route was drawn while one snapshot was in force.</summary>
internal sealed class DrawCounters(string route, ulong version, string canaryRevision, uint canaryWeight)
{
    private const int StableCell = 0;
    private const int CanaryCell = 1;

    private readonly StripedCells _cells = new(2);

    public string Route { get; } = route;

    public ulong Version { get; } = version;

    public string CanaryRevision { get; } = canaryRevision;

    public uint CanaryWeight { get; } = canaryWeight;

    public long Stable => _cells.Sum(StableCell);

    public long Canary => _cells.Sum(CanaryCell);

    public void Record(bool canary) => _cells.Increment(canary ? CanaryCell : StableCell);
}
