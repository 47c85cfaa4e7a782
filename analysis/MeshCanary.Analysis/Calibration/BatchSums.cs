namespace MeshCanary.Analysis.Calibration;

/// <summary>
/// Closed batches of one length. φ of this length is <see cref="Squares"/>/<see cref="Blocks"/>: with every block
/// informative that is the mean over batches of (Σz)²/B.
/// </summary>
/// <param name="Minutes">Length B of a batch in minutes.</param>
/// <param name="Batches">k: batches with at least one informative block.</param>
/// <param name="Blocks">Informative blocks in them.</param>
/// <param name="Squares">Sum over batches of (Σz)².</param>
public sealed record BatchSums(int Minutes, long Batches, long Blocks, double Squares)
{
    /// <summary>φ of this length as measured; null without an informative block.</summary>
    internal double? Mean => Blocks > 0 ? Squares / Blocks : null;

    internal BatchSums Plus(BatchSums other) => this with
    {
        Batches = Batches + other.Batches,
        Blocks = Blocks + other.Blocks,
        Squares = Squares + other.Squares,
    };
}
