using System.Collections.Immutable;

namespace MeshCanary.Analysis.Sequential;

/// <summary>State of an e-process that is mixed over a grid.</summary>
public sealed record GridState
{
    /// <summary>ln of the product per place of the grid.</summary>
    public required ImmutableArray<double> Logs { get; init; }

    /// <summary>Highest ln E so far, at least 0.</summary>
    public required double Highest { get; init; }

    /// <summary>Refuses a state of another grid, and gives its highest evidence.</summary>
    internal static double Check(GridState state, int places)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Logs.IsDefault || state.Logs.Length != places)
            throw new ArgumentException($"The state of an e-process does not hold {places} places of its grid.", nameof(state));
        if (state.Logs.Any(double.IsNaN) || !(state.Highest >= 0))
            throw new ArgumentException("The state of an e-process holds a number that evidence cannot be.", nameof(state));
        return state.Highest;
    }
}
