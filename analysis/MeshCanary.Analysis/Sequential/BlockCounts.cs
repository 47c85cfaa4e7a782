namespace MeshCanary.Analysis.Sequential;

/// <summary>
/// Requests and bad events of both arms in one block (an interval). Real-valued, so that expected counts fit too.
/// </summary>
/// <param name="CanaryRequests">Requests of the canary.</param>
/// <param name="CanaryEvents">Of them the bad ones.</param>
/// <param name="StableRequests">Requests of stable.</param>
/// <param name="StableEvents">Of them the bad ones.</param>
public readonly record struct BlockCounts(double CanaryRequests, double CanaryEvents, double StableRequests, double StableEvents)
{
    /// <summary>Whether both arms served something: without that a block compares nothing.</summary>
    public bool IsInformative => CanaryRequests > 0 && StableRequests > 0;
}
