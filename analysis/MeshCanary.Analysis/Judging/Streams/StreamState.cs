using MeshCanary.Analysis.Display;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Streams;

/// <summary>State of one compared metric.</summary>
public sealed record StreamState
{
    /// <summary>The metric's name, to recognise a state that belongs to other settings.</summary>
    public required string Metric { get; init; }

    /// <summary>Canary requests tested.</summary>
    public required long CanaryRequests { get; init; }

    /// <summary>Bad ones of the canary.</summary>
    public required long CanaryEvents { get; init; }

    /// <summary>Those of the canary beyond the tolerance.</summary>
    public required long CanaryEventsBeyondTolerance { get; init; }

    /// <summary>Stable requests tested.</summary>
    public required long StableRequests { get; init; }

    /// <summary>Bad ones of stable.</summary>
    public required long StableEvents { get; init; }

    /// <summary>Stable requests that entered <see cref="StableEventsBeyondHarm"/>.</summary>
    public required long StableRequestsBeyondHarm { get; init; }

    /// <summary>Those of stable beyond the edge that is harm for the canary: what a canary as good as stable would show there.</summary>
    public required long StableEventsBeyondHarm { get; init; }

    /// <summary>The FAIL process.</summary>
    public required ProcessState Fail { get; init; }

    /// <summary>The PASS process.</summary>
    public required ProcessState Pass { get; init; }

    /// <summary>The displayed difference.</summary>
    public required DifferenceState Difference { get; init; }

    /// <summary>The second opinion; null in a state of layout 1.</summary>
    public SecondOpinionState? Opinion { get; init; }
}
