using System.Collections.Immutable;

namespace MeshCanary.Rollouts.Strategies;

/// <summary>The strategies there are.</summary>
public static class RolloutStrategies
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<IRolloutStrategy> All { get; } = [new CanaryStrategy()];

    /// <summary>Finds a strategy by its name, ordinal; null when there is none.</summary>
    public static IRolloutStrategy? Find(string name) => All.FirstOrDefault(strategy => strategy.Name == name);

    /// <summary>Finds a strategy by its name.</summary>
    /// <exception cref="ArgumentException">There is none of that name; the message lists those there are.</exception>
    public static IRolloutStrategy Get(string name) =>
        Find(name) ?? throw new ArgumentException($"There is no strategy '{name}'; there are: {string.Join(", ", All.Select(strategy => strategy.Name))}.", nameof(name));
}
