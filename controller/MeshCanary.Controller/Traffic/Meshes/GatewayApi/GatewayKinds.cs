using System.Collections.Immutable;
using MeshCanary.Machinery.Discovering;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>The kinds of the Gateway API, and the versions of them that are understood.</summary>
internal static class GatewayKinds
{
    public const string Group = "gateway.networking.k8s.io";
    public const string HttpRoute = "HTTPRoute";
    public const string GrpcRoute = "GRPCRoute";
    public const string Gateway = "Gateway";

    /// <summary>What is read.</summary>
    public static ImmutableArray<ResourceChoice> All { get; } =
    [
        ResourceChoice.Versions(Group, "httproutes", HttpRoute, "v1", "v1beta1"),
        ResourceChoice.Versions(Group, "grpcroutes", GrpcRoute, "v1"),
        ResourceChoice.Versions(Group, "gateways", Gateway, "v1", "v1beta1"),
    ];

    /// <summary>The kinds of routes.</summary>
    public static ImmutableArray<string> Routes { get; } = [HttpRoute, GrpcRoute];

    /// <summary>The type in the best version that is served; null when none is.</summary>
    public static ResourceType? Served(string kind, MeshView view) => view.TypeOf(Of(kind));

    /// <summary>What to say when a kind is not served.</summary>
    public static string Missing(string kind) =>
        $"the Gateway API: the server has no {Of(kind).Name} in {string.Join(" or ", Of(kind).Candidates.Select(type => type.Version))}; install its CRDs";

    private static ResourceChoice Of(string kind) => All.First(choice => choice.Candidates[0].Kind == kind);
}
