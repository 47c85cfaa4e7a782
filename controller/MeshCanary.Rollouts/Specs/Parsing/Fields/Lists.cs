using System.Collections.Immutable;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;

namespace MeshCanary.Rollouts.Specs.Parsing.Fields;

/// <summary>Reads lists.</summary>
internal static class Lists
{
    private const int Longest = 1000;

    /// <summary>Reads every item; items that give null are left out, their faults are said.</summary>
    public static ImmutableArray<T> Of<T>(Value? value, ErrorList errors, string example, Func<Value, T?> read)
        where T : class
    {
        if (value is not { } at)
            return [];
        if (at.Node.Kind != NodeKind.Sequence)
        {
            errors.Add(at, $"expected a list, found {at.Node.Describe()}", $"Write {example}");
            return [];
        }

        if (at.Node.Items.Count > Longest)
        {
            errors.Add(at, $"has {at.Node.Items.Count} items; at most {Longest} are allowed", "Shorten the list");
            return [];
        }

        return [.. Enumerable.Range(0, at.Node.Items.Count).Select(index => read(at.Item(index))).OfType<T>()];
    }
}
