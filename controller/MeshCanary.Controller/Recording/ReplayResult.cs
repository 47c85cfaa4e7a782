using System.Collections.Immutable;

namespace MeshCanary.Controller.Recording;

/// <summary>What a replay found.</summary>
/// <param name="Verdicts">Verdicts computed again.</param>
/// <param name="Differences">Those that came out differently; empty when the record replays bit for bit.</param>
public sealed record ReplayResult(int Verdicts, ImmutableArray<ReplayDifference> Differences);
