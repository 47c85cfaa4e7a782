namespace MeshCanary.Analysis.Calibration;

/// <summary>An endpoint of stable and the half it belongs to.</summary>
/// <param name="Endpoint">Its name.</param>
/// <param name="Half">0 or 1.</param>
/// <param name="Traffic">Its requests an interval, smoothed.</param>
/// <param name="LastSeen">End of the last interval that listed it (UTC).</param>
public readonly record struct PlacedEndpoint(string Endpoint, int Half, double Traffic, DateTimeOffset LastSeen);
