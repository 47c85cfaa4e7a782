using MeshCanary.Testing.Exchanges;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Testing.Meshes;

/// <summary>Writes routes as a controller would.</summary>
public static class Routes
{
    /// <summary>Route of plain requests.</summary>
    public const string Web = "shop/checkout";

    /// <summary>Route of gRPC calls.</summary>
    public const string Grpc = "shop/prices";

    /// <summary>A route with two arms; the canary's is left out without endpoints.</summary>
    public static Wire.Route Of(string name, string prefix, IEnumerable<ConversingBackend> stable, IEnumerable<ConversingBackend> canary, uint weight, params Wire.Condition[] rules)
    {
        var route = new Wire.Route { Name = name, PathPrefix = prefix, Stable = ArmOf(stable), Canary = ArmOf(canary) };
        if (route.Canary is null)
            return route;
        route.CanaryWeight = weight;
        route.CanaryRules.AddRange(rules.Select(rule => new Wire.MatchRule { Conditions = { rule } }));
        return route;
    }

    /// <summary>A rule on a header's whole value.</summary>
    public static Wire.Condition Header(string name, string value) => new()
    {
        Part = Wire.Condition.Types.Part.Header,
        Name = name,
        Operator = Wire.Condition.Types.Operator.Exact,
        Value = value,
    };

    private static Wire.Arm? ArmOf(IEnumerable<ConversingBackend> backends)
    {
        var all = backends.ToList();
        return all.Count == 0 ? null : new Wire.Arm { Revision = all[0].Version, Endpoints = { all.Select(backend => backend.Address) } };
    }
}
