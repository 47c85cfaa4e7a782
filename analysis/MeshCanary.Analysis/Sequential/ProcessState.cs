using System.Collections.Immutable;

namespace MeshCanary.Analysis.Sequential;

/// <summary>State of one e-process.</summary>
public sealed record ProcessState
{
    /// <summary>Informative blocks so far.</summary>
    public required int Blocks { get; init; }

    /// <summary>ln M_k per odds ratio; zeros before the first block.</summary>
    public required ImmutableArray<double> LogMartingales { get; init; }

    /// <summary>Highest ln E so far.</summary>
    public required double Highest { get; init; }
}
