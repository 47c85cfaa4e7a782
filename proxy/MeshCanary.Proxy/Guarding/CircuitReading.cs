namespace MeshCanary.Proxy.Guarding;

/// <summary>What is known of a circuit at one moment.</summary>
/// <param name="State">Whether it lets requests through.</param>
/// <param name="Openings">How often it opened.</param>
/// <param name="LastOpened">When it last opened; null for never.</param>
/// <param name="Cause">What made it open the last time.</param>
internal sealed record CircuitReading(CircuitState State, int Openings, DateTimeOffset? LastOpened, BurstFigures Cause);
