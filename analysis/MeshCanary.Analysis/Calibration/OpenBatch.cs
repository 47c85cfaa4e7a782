namespace MeshCanary.Analysis.Calibration;

/// <summary>A batch that is not full yet.</summary>
/// <param name="Start">Start of its first block (UTC); null when no block is in it.</param>
/// <param name="Blocks">Informative blocks in it.</param>
/// <param name="Sum">Σz so far.</param>
public readonly record struct OpenBatch(DateTimeOffset? Start, int Blocks, double Sum);
