using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Streams;

/// <summary>State of the second opinion on one metric.</summary>
public sealed record SecondOpinionState
{
    /// <summary>The e-process.</summary>
    public required SymmetryState Symmetry { get; init; }

    /// <summary>Canary requests of the open minute.</summary>
    public required long CanaryRequests { get; init; }

    /// <summary>Bad ones of them, beyond the tolerance.</summary>
    public required long CanaryEvents { get; init; }

    /// <summary>Requests of the arm compared with, of the open minute.</summary>
    public required long StableRequests { get; init; }

    /// <summary>Bad ones of them.</summary>
    public required long StableEvents { get; init; }

    /// <summary>Length of the open minute so far, in ticks of 100 ns.</summary>
    public required long OpenTicks { get; init; }

    /// <summary>Whether the arms of the last full minute were of about one size.</summary>
    public required bool IsComparable { get; init; }
}
