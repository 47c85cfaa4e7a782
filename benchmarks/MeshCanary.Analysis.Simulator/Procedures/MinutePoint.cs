namespace MeshCanary.Analysis.Simulator.Procedures;

/// <summary>One minute of one arm as a monitoring system would show it.</summary>
/// <param name="ErrorRate">Share of failed ones; not a number without requests.</param>
/// <param name="P50">Median latency in milliseconds; not a number without a success.</param>
/// <param name="P99">99th percentile in milliseconds; not a number without a success.</param>
internal readonly record struct MinutePoint(double ErrorRate, double P50, double P99);
