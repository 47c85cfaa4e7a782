using System.Collections.Immutable;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Traffic;

/// <summary>Writes one arm of a route.</summary>
internal static class ArmMapping
{
    /// <summary>The arm that serves a revision.</summary>
    public static Wire.Arm Map(Revision revision, ImmutableArray<string> endpoints, HealthCheckSpec? check, ProxySpec proxy, ArmSpec own)
    {
        var arm = new Wire.Arm
        {
            Revision = revision.Name,
            HealthCheck = Map(check),
            RequestHeaders = Map(own.RequestHeaders),
            ResponseHeaders = Map(own.ResponseHeaders),
            MaxConcurrentRequests = (uint)own.MaxConcurrent,
            SlowStartMs = (uint)proxy.SlowStart.TotalMilliseconds,
            Protocol = proxy.Upstream.Protocol switch
            {
                UpstreamProtocolSpec.Http1 => Wire.UpstreamProtocol.Http1,
                UpstreamProtocolSpec.Http2 => Wire.UpstreamProtocol.Http2,
                _ => Wire.UpstreamProtocol.Auto,
            },
            Tls = Map(proxy.Upstream.Tls),
            Outliers = Map(proxy.Outliers),
        };
        arm.Endpoints.AddRange(endpoints);
        return arm;
    }

    private static Wire.HealthCheck? Map(HealthCheckSpec? check)
    {
        if (check is null)
            return null;
        var mapped = new Wire.HealthCheck { IntervalMs = (uint)(check.Interval?.TotalMilliseconds ?? 0), TimeoutMs = (uint)(check.Timeout?.TotalMilliseconds ?? 0) };
        if (check.GrpcService is { } service)
            mapped.Grpc = new Wire.GrpcProbe { Service = service };
        else
            mapped.HttpPath = check.Path;
        return mapped;
    }

    private static Wire.HeaderChanges? Map(HeaderChangesSpec? changes)
    {
        if (changes is null)
            return null;
        var mapped = new Wire.HeaderChanges();
        mapped.Set.AddRange(changes.Set.Select(Map));
        mapped.Add.AddRange(changes.Add.Select(Map));
        mapped.Remove.AddRange(changes.Remove);
        return mapped;
    }

    private static Wire.Header Map(HeaderSpec header) => new() { Name = header.Name, Value = header.Value };

    private static Wire.UpstreamTls? Map(TlsSpec? tls) => tls is null
        ? null
        : new Wire.UpstreamTls
        {
            ServerName = tls.ServerName ?? "",
            AuthorityFile = tls.AuthorityFile ?? "",
            CertificateFile = tls.CertificateFile ?? "",
            KeyFile = tls.KeyFile ?? "",
        };

    private static Wire.OutlierEjection? Map(OutlierSpec? outliers) => outliers is null
        ? null
        : new Wire.OutlierEjection
        {
            Unreachable = (uint)outliers.Unreachable,
            Failures = (uint)outliers.Failures,
            PauseMs = (uint)outliers.Pause.TotalMilliseconds,
            MaxEjectedPercent = (uint)outliers.MaxEjectedPercent,
        };
}
