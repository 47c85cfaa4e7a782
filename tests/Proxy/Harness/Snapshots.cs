using MeshCanary.Contracts.V1;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>Builds snapshots of one route, which is what most tests need.</summary>
internal static class Snapshots
{
    public const string Route = "shop/checkout";

    public static Snapshot Of(ulong version, string stable, string? canary = null, uint weight = 0, Action<Route>? change = null) =>
        Of(version, [stable], canary is null ? [] : [canary], weight, change);

    public static Snapshot Of(ulong version, string[] stable, string[] canary, uint weight, Action<Route>? change = null)
    {
        var route = new Route { Name = Route, PathPrefix = "/", Stable = Arm("v1", stable), CanaryWeight = weight };
        if (canary.Length > 0)
            route.Canary = Arm("v2", canary);
        change?.Invoke(route);
        return new Snapshot { Version = version, Routes = { route } };
    }

    public static Arm Arm(string revision, params string[] endpoints) => new() { Revision = revision, Endpoints = { endpoints } };

    public static string At(Uri address) => address.ToString().TrimEnd('/');
}
