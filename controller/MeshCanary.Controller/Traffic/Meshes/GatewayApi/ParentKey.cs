using System.Text.Json.Nodes;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>What a route is attached to, with what is left out filled in.</summary>
internal sealed record ParentKey(string Group, string Kind, string Namespace, string Name, string? Section, long? Port)
{
    /// <summary>Whether it is a Gateway; otherwise it is a Service, or of a kind that only its controller knows.</summary>
    public bool IsGateway => Kind == GatewayKinds.Gateway && Group == GatewayKinds.Group;

    /// <summary>Reads a <c>parentRef</c>.</summary>
    /// <param name="reference">It, as a spec or a status has it.</param>
    /// <param name="space">The route's namespace.</param>
    public static ParentKey Of(JsonNode? reference, string space) => new(
        Backends.Text(reference, "group") ?? GatewayKinds.Group,
        Backends.Text(reference, "kind") ?? GatewayKinds.Gateway,
        Backends.Text(reference, "namespace") ?? space,
        Backends.Text(reference, "name") ?? "",
        Backends.Text(reference, "sectionName"),
        Backends.Number(reference, "port"));

    /// <summary>As people say it.</summary>
    public override string ToString() =>
        $"{Kind} {Namespace}/{Name}{(Section is null ? "" : $", section {Section}")}{(Port is null ? "" : $", port {Port}")}";
}
