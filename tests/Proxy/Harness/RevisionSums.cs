namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>What the reports say in all.</summary>
internal sealed record RevisionSums(
    long Succeeded, long ServerErrors, long GrpcErrors, long ConnectionFailures, long Timeouts, long ClientAborts, long Diverted, long Retries = 0, long TurnedAway = 0)
{
    public long Failed => ServerErrors + GrpcErrors + ConnectionFailures + Timeouts;

    public long Finished => Succeeded + Failed + ClientAborts;
}
