using MeshCanary.Splitting.Weights;

namespace MeshCanary.Proxy.Mirroring;

/// <summary>What is mirrored, and within which limits.</summary>
/// <param name="Share">Share of the requests that stable serves.</param>
/// <param name="MostAtOnce">Copies at a time, from the arrival of the user's request to the end of the copy's answer.</param>
/// <param name="LongestBody">Bytes of the longest body that is copied.</param>
/// <param name="Timeout">Longest time that a copy may take.</param>
internal sealed record MirrorSettings(BasisPoints Share, int MostAtOnce, int LongestBody, TimeSpan Timeout)
{
    private const int DefaultMostAtOnce = 64;
    private const int DefaultLongestBody = 65_536;
    private const double DefaultTimeoutMilliseconds = 10_000;

    /// <summary>The settings of a valid message, with defaults where it says nothing.</summary>
    public static MirrorSettings Of(Contracts.V1.Mirror mirror) => new(
        new BasisPoints((int)mirror.Share),
        mirror.MaxConcurrent == 0 ? DefaultMostAtOnce : (int)mirror.MaxConcurrent,
        mirror.MaxBodyBytes == 0 ? DefaultLongestBody : (int)mirror.MaxBodyBytes,
        TimeSpan.FromMilliseconds(mirror.TimeoutMs == 0 ? DefaultTimeoutMilliseconds : mirror.TimeoutMs));
}
