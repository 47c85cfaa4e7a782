using System.Net;

namespace MeshCanary.SampleService.Options;

/// <summary>What the command line asked for.</summary>
/// <param name="Version">The name of the version, as it shows in every answer.</param>
/// <param name="Listen">Where to listen; port 0 for any free one.</param>
/// <param name="ErrorRate">The share of requests that fail, 0…1.</param>
/// <param name="Latency">The median latency.</param>
/// <param name="LatencyFactor">How much slower than that the version is.</param>
/// <param name="Seed">The seed of chance: the n-th request fares the same in every run.</param>
/// <param name="FailFrom">When errors, slowness and bursts begin; the version is sound until then.</param>
/// <param name="Flaky">Whether the version fails in bursts.</param>
/// <param name="ExitWithStdin">Whether to stop when standard input closes.</param>
internal sealed record SampleOptions(
    string Version,
    IPEndPoint Listen,
    double ErrorRate,
    TimeSpan Latency,
    double LatencyFactor,
    int Seed,
    TimeSpan FailFrom,
    bool Flaky,
    bool ExitWithStdin)
{
    /// <summary>The error rate of a sound version.</summary>
    public const double SoundErrorRate = 0.005;
}
