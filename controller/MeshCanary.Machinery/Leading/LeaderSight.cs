namespace MeshCanary.Machinery.Leading;

/// <summary>Who leads, as far as this process has seen.</summary>
/// <param name="Identity">The leader's identity.</param>
/// <param name="Address">Where it can be reached, or empty.</param>
/// <param name="Transitions">How often the leader changed before.</param>
/// <param name="IsSelf">It is this process.</param>
public sealed record LeaderSight(string Identity, string Address, int Transitions, bool IsSelf);
