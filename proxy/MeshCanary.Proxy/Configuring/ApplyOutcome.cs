using System.Collections.Immutable;

namespace MeshCanary.Proxy.Configuring;

/// <summary>What became of a snapshot.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Faults">Why it was refused; empty when it is in force.</param>
/// <param name="Changed">Whether it replaced another; false for the one that was already in force.</param>
internal sealed record ApplyOutcome(ulong Version, ImmutableArray<string> Faults, bool Changed)
{
    public bool Accepted => Faults.IsEmpty;
}
