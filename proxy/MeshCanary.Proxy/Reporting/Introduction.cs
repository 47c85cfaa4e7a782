using MeshCanary.Contracts;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Hosting;
using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Reporting;

/// <summary>How this process introduces itself to a controller.</summary>
internal sealed class Introduction(ProxyOptions options)
{
    private readonly string _instance = Guid.NewGuid().ToString("N");

    /// <summary>The first message of a stream.</summary>
    /// <param name="activeVersion">Of the configuration in force.</param>
    public Hello Hello(ulong activeVersion) => new()
    {
        ProtocolVersion = ProtocolVersion.Current,
        ProxyName = options.Name,
        InstanceId = _instance,
        SoftwareVersion = typeof(Introduction).Assembly.GetName().Version?.ToString(3) ?? "",
        ActiveVersion = activeVersion,
        Histogram = new HistogramLayout
        {
            FirstUpperEdgeSeconds = LatencyLayout.FirstUpperEdgeSeconds,
            BucketsPerOctave = LatencyLayout.PerOctave,
            BucketCount = LatencyLayout.Count,
        },
        Canary = options.Canary ?? "",
    };
}
