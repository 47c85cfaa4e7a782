namespace MeshCanary.Analysis.Judging;

/// <summary>A bucket edge that requests are counted against.</summary>
/// <param name="Bucket">The bucket whose upper edge it is.</param>
/// <param name="Prior">Share of stable's requests beyond it in the baseline.</param>
/// <param name="HarmShare">Share of stable's requests beyond the edge that is harm for the canary.</param>
internal readonly record struct LatencyEdge(int Bucket, double Prior, double HarmShare);
