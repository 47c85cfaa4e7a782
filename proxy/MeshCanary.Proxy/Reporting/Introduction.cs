using MeshCanary.Contracts;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Hosting;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;

namespace MeshCanary.Proxy.Reporting;

/// <summary>How this process introduces itself to a controller.</summary>
internal sealed class Introduction(ProxyOptions options, RouteTableHolder tables)
{
    private readonly string _instance = Guid.NewGuid().ToString("N");

    /// <summary>Version of the configuration in force; 0 when there is none.</summary>
    public ulong ActiveVersion => tables.Current.Version;

    /// <summary>The first message of a stream.</summary>
    public Hello Hello() => new()
    {
        ProtocolVersion = ProtocolVersion.Current,
        ProxyName = options.Name,
        InstanceId = _instance,
        SoftwareVersion = typeof(Introduction).Assembly.GetName().Version?.ToString(3) ?? "",
        ActiveVersion = ActiveVersion,
        Histogram = new HistogramLayout
        {
            FirstUpperEdgeSeconds = LatencyLayout.FirstUpperEdgeSeconds,
            BucketsPerOctave = LatencyLayout.PerOctave,
            BucketCount = LatencyLayout.Count,
        },
        Canary = options.Canary ?? "",
    };
}
