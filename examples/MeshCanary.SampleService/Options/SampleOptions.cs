using System.Net;

namespace MeshCanary.SampleService.Options;

/// <summary>What the command line asked for. Without options it is a sound version.</summary>
internal sealed record SampleOptions
{
    /// <summary>The error rate of a sound version.</summary>
    public const double SoundErrorRate = 0.005;

    /// <summary>The name of the version, as it shows in every answer.</summary>
    public string Version { get; init; } = "v1";

    /// <summary>Where to listen; port 0 for any free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>The share of requests that fail, 0…1.</summary>
    public double ErrorRate { get; init; } = SoundErrorRate;

    /// <summary>The median latency.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How much slower than that the version is.</summary>
    public double LatencyFactor { get; init; } = 1;

    /// <summary>The seed of chance: the n-th request fares the same in every run.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>When errors, slowness and bursts begin; the version is sound until then.</summary>
    public TimeSpan FailFrom { get; init; }

    /// <summary>Whether the version fails in bursts.</summary>
    public bool Flaky { get; init; }

    /// <summary>Whether to stop when standard input closes.</summary>
    public bool ExitWithStdin { get; init; }
}
