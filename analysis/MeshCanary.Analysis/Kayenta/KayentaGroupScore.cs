namespace MeshCanary.Analysis.Kayenta;

/// <summary>The score of one group of metrics.</summary>
/// <param name="Name">The group.</param>
/// <param name="Score">Percentage of its metrics with data that pass; 0 without any.</param>
/// <param name="HasData">Whether a metric of the group could be scored.</param>
/// <param name="Metrics">Metrics in the group, muted ones not counted.</param>
/// <param name="Weight">Its share in the summary, in percent.</param>
public sealed record KayentaGroupScore(string Name, double Score, bool HasData, int Metrics, double Weight);
