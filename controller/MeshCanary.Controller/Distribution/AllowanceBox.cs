using System.Collections.Immutable;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Distribution;

/// <summary>What one proxy is to be told of its parts: the newest of each route, once, and all again with every snapshot. Thread-safe.</summary>
internal sealed class AllowanceBox
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Wire.ExposureBudget> _parts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _due = new(StringComparer.Ordinal);

    /// <summary>Puts a route's part in place, or takes it away; returns whether there is something to send.</summary>
    public bool Put(string route, Wire.ExposureBudget? part)
    {
        lock (_gate)
        {
            if (part is null)
            {
                _parts.Remove(route);
                return false;
            }

            if (part.Equals(_parts.GetValueOrDefault(route)))
                return false;
            _parts[route] = part;
            return _due.Add(route);
        }
    }

    /// <summary>What is to be sent; <paramref name="all"/> after a snapshot, which carries no parts.</summary>
    public ImmutableArray<Wire.Allowance> Take(bool all)
    {
        lock (_gate)
        {
            ImmutableArray<Wire.Allowance> taken =
            [
                .. _parts.Where(pair => all || _due.Contains(pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal)
                    .Select(pair => new Wire.Allowance { Route = pair.Key, Budget = pair.Value }),
            ];
            _due.Clear();
            return taken;
        }
    }
}
