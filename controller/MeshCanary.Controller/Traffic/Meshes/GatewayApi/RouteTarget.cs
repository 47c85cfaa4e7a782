using System.Collections.Immutable;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>A route that carries the traffic of a Canary.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Key">Where it is.</param>
/// <param name="IsOurs">Whether it is made for the Canary.</param>
internal sealed record RouteTarget(string Kind, ObjectKey Key, bool IsOurs)
{
    private const string Tail = "-meshcanary";
    private const int LongestName = 253;

    /// <summary>The routes that a Canary asks for.</summary>
    public static ImmutableArray<RouteTarget> Of(CanaryManifest manifest)
    {
        var spec = manifest.Spec.GatewayApi ?? new GatewayApiSpec();
        return spec.Routes.IsEmpty
            ? [new RouteTarget(spec.Kind, Own(manifest), true)]
            : [.. spec.Routes.Select(route => new RouteTarget(route.Kind, new ObjectKey(manifest.Namespace, route.Name), false))];
    }

    /// <summary>Where the route is that is made for a Canary.</summary>
    public static ObjectKey Own(CanaryManifest manifest) =>
        new(manifest.Namespace, manifest.Name[..Math.Min(manifest.Name.Length, LongestName - Tail.Length)].TrimEnd('.', '-') + Tail);

    /// <summary>As people say it.</summary>
    public override string ToString() => $"{Kind} {Key}";
}
