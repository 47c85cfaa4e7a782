namespace MeshCanary.Machinery.Leading;

/// <summary>What a lease says.</summary>
/// <param name="Holder">Who holds it; empty when nobody does.</param>
/// <param name="Address">Where the holder can be reached, or empty.</param>
/// <param name="Duration">How long it holds after it was renewed.</param>
/// <param name="Acquired">Since when the holder has it, by the holder's clock.</param>
/// <param name="Renewed">When it was last renewed, by the holder's clock. Nobody else calculates with it.</param>
/// <param name="Transitions">How often the holder changed.</param>
/// <param name="Version">The version that was read, or null for a lease that has yet to be made.</param>
internal sealed record LeaseRecord(
    string Holder, string Address, TimeSpan Duration, DateTimeOffset Acquired, DateTimeOffset Renewed, int Transitions, string? Version);
