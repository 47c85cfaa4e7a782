using System.Net;
using MeshCanary.Contracts.V1;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>How and how often an endpoint is probed.</summary>
/// <param name="Make">Makes the probe of an endpoint.</param>
/// <param name="Interval">Between the beginnings of two probes.</param>
/// <param name="Limit">Longest time of one.</param>
/// <param name="UntilPassed">Whether the first success is all that is wanted.</param>
internal sealed record ProbePlan(Func<Endpoint, IProbe> Make, TimeSpan Interval, TimeSpan Limit, bool UntilPassed)
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(2);

    /// <summary>As the arm wants it; null for none.</summary>
    public static ProbePlan? Of(HealthCheck? check) => check is null ? null : new(
        endpoint => check.ProbeCase == HealthCheck.ProbeOneofCase.Grpc ? new GrpcHealthProbe(endpoint, check.Grpc.Service) : new HttpProbe(endpoint, check.HttpPath),
        check.IntervalMs == 0 ? Usual : TimeSpan.FromMilliseconds(check.IntervalMs),
        check.TimeoutMs == 0 ? Usual : TimeSpan.FromMilliseconds(check.TimeoutMs),
        UntilPassed: false);

    /// <summary>
    /// For an address that a name was resolved to, when the arm wants no health check: names often have addresses of both
    /// families while only one is listened on, and requests are not what should find that out.
    /// </summary>
    public static ProbePlan Connect(IPEndPoint address) => new(_ => new ConnectProbe(address), Usual, Usual, UntilPassed: true);
}
