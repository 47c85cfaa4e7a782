using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>The kinds of the Gateway API, and the versions of them that are understood.</summary>
internal static class GatewayKinds
{
    public const string Group = "gateway.networking.k8s.io";
    public const string HttpRoute = "HTTPRoute";
    public const string GrpcRoute = "GRPCRoute";
    public const string Gateway = "Gateway";

    private static readonly Dictionary<string, (string Plural, string[] Versions)> Known = new(StringComparer.Ordinal)
    {
        [HttpRoute] = ("httproutes", ["v1", "v1beta1"]),
        [GrpcRoute] = ("grpcroutes", ["v1"]),
        [Gateway] = ("gateways", ["v1", "v1beta1"]),
    };

    /// <summary>The kinds that are read, each with its plural and the versions that are understood, best first.</summary>
    public static IEnumerable<(string Kind, string Plural, string[] Versions)> All => Known.Select(pair => (pair.Key, pair.Value.Plural, pair.Value.Versions));

    /// <summary>The kinds of routes.</summary>
    public static IEnumerable<string> Routes => [HttpRoute, GrpcRoute];

    /// <summary>The type in the best version that is served; null when none is.</summary>
    public static ResourceType? Served(string kind, MeshView view)
    {
        var (plural, versions) = Known[kind];
        return view.Served.TryGetValue((Group, plural), out var served) && Array.Find(versions, version => served.Contains(version)) is { } version
            ? new ResourceType(Group, version, plural, kind)
            : null;
    }

    /// <summary>What to say when a kind is not served.</summary>
    public static string Missing(string kind) =>
        $"the Gateway API: the server has no {Known[kind].Plural}.{Group} in {string.Join(" or ", Known[kind].Versions)}; install its CRDs";
}
