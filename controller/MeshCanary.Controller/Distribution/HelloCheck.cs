using Grpc.Core;
using MeshCanary.Analysis.Samples;
using MeshCanary.Contracts;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Distribution;

/// <summary>What a proxy has to say first.</summary>
internal static class HelloCheck
{
    // Versions beyond it can only come from a damaged file, and would leave no room to rise.
    private const ulong NewestVersion = 1UL << 53;

    /// <summary>Checks a proxy's first message.</summary>
    /// <exception cref="RpcException">FAILED_PRECONDITION for a proxy that speaks differently, INVALID_ARGUMENT for a faulty message.</exception>
    public static Wire.Hello Verify(Wire.ProxyMessage? first)
    {
        if (first?.BodyCase != Wire.ProxyMessage.BodyOneofCase.Hello)
            throw Fault("The first message of a stream must be Hello.");
        var hello = first.Hello;
        if (hello.ProtocolVersion != ProtocolVersion.Current)
        {
            throw new RpcException(new Status(
                StatusCode.FailedPrecondition,
                $"The proxy {hello.ProxyName} speaks protocol version {hello.ProtocolVersion}, this controller speaks version {ProtocolVersion.Current}. Run proxy and controller of the same release."));
        }

        var layout = hello.Histogram;
        if (layout is null
            || layout.FirstUpperEdgeSeconds != LatencyBuckets.FirstUpperEdgeSeconds
            || layout.BucketsPerOctave != LatencyBuckets.PerOctave
            || layout.BucketCount != LatencyBuckets.Count)
        {
            throw new RpcException(new Status(
                StatusCode.FailedPrecondition,
                $"The proxy {hello.ProxyName} counts latencies in {Describe(layout)}, this controller in {Describe(Own)}; their counts cannot be added up. Run proxy and controller of the same release."));
        }

        if (string.IsNullOrWhiteSpace(hello.ProxyName) || string.IsNullOrWhiteSpace(hello.InstanceId))
            throw Fault("Hello must carry the proxy's name and its instance id.");
        if (hello.ActiveVersion > NewestVersion)
            throw Fault($"The proxy's configuration has version {hello.ActiveVersion}, which no controller gave. Delete its snapshot file and start it again.");
        return hello;
    }

    private static Wire.HistogramLayout Own { get; } = new()
    {
        FirstUpperEdgeSeconds = LatencyBuckets.FirstUpperEdgeSeconds,
        BucketsPerOctave = LatencyBuckets.PerOctave,
        BucketCount = LatencyBuckets.Count,
    };

    private static string Describe(Wire.HistogramLayout? layout) => layout is null
        ? "no known buckets"
        : FormattableString.Invariant($"{layout.BucketCount} buckets from {layout.FirstUpperEdgeSeconds} s, {layout.BucketsPerOctave} an octave");

    private static RpcException Fault(string message) => new(new Status(StatusCode.InvalidArgument, message));
}
