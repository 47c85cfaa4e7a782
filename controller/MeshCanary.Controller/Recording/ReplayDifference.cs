namespace MeshCanary.Controller.Recording;

/// <summary>A verdict that came out differently.</summary>
/// <param name="Interval">Number of the interval.</param>
/// <param name="Recorded">The verdict as recorded, as JSON.</param>
/// <param name="Replayed">The verdict as computed again, as JSON.</param>
public sealed record ReplayDifference(int Interval, string Recorded, string Replayed);
