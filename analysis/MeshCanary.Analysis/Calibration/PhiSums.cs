using System.Collections.Immutable;

namespace MeshCanary.Analysis.Calibration;

/// <summary>
/// Everything that an estimate of φ needs from a stretch of time. Sums, so that days merge in any order. Plain finite
/// numbers, a few hundred bytes. Immutable.
/// </summary>
public sealed record PhiSums
{
    /// <summary>Batch lengths in minutes, shortest first: 1, 5, 15, 30.</summary>
    public static ImmutableArray<int> BatchMinutes { get; } = [1, 5, 15, 30];

    /// <summary>Nothing measured.</summary>
    public static PhiSums Empty { get; } = new()
    {
        Lengths = [.. BatchMinutes.Select(minutes => new BatchSums(minutes, 0, 0, 0))],
        ComparedBlocks = 0,
        Requests = 0,
    };

    /// <summary>Closed batches, one entry a length of <see cref="BatchMinutes"/>, in that order.</summary>
    public required ImmutableArray<BatchSums> Lengths { get; init; }

    /// <summary>Blocks in which both halves served requests, with or without a bad event.</summary>
    public required long ComparedBlocks { get; init; }

    /// <summary>Sum over the compared blocks of <see cref="HalfCounts.Size"/> a minute.</summary>
    public required double Requests { get; init; }

    /// <summary>Blocks with a z.</summary>
    internal long InformativeBlocks => Lengths[0].Blocks;

    /// <summary>Both stretches together; batches do not run on from one into the other.</summary>
    public PhiSums Merge(PhiSums other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new PhiSums
        {
            Lengths = [.. Lengths.Zip(other.Lengths, (mine, theirs) => mine.Plus(theirs))],
            ComparedBlocks = ComparedBlocks + other.ComparedBlocks,
            Requests = Requests + other.Requests,
        };
    }

    /// <summary>Whether a saved value has the lengths of this engine and only possible numbers.</summary>
    internal bool IsValid =>
        !Lengths.IsDefault
        && Lengths.Length == BatchMinutes.Length
        && Lengths.Zip(BatchMinutes).All(pair =>
            pair.First is { Batches: >= 0, Blocks: >= 0, Squares: >= 0 and < double.PositiveInfinity } && pair.First.Minutes == pair.Second)
        && ComparedBlocks >= 0
        && Requests is >= 0 and < double.PositiveInfinity;
}
