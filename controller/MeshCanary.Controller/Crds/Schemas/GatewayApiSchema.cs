using static MeshCanary.Controller.Crds.Schemas.Forms;

namespace MeshCanary.Controller.Crds.Schemas;

/// <summary>The schema of <c>spec.router.gatewayApi</c>.</summary>
internal static class GatewayApiSchema
{
    private static readonly string[] Kinds = ["HTTPRoute", "GRPCRoute"];

    public static FieldSchema GatewayApi { get; } = Mapping("Parameters of the router gatewayApi: routes of your own, or the parents of one that MeshCanary makes.")
        .With("routes", ListOf(
            Mapping("A route of your own, in the Canary's namespace.")
                .With("kind", OneOf("Its kind.", Kinds).Or(Kinds[0]))
                .Must("name", Subdomain("Its name.")),
            "Routes of your own: the backends in them that lead to the Service are split, and nothing else in them is changed.").Rule("minItems", 1))
        .With("parentRefs", ListOf(
            Mapping("What the route is attached to.")
                .With("kind", OneOf("Gateway, or Service for clients within a mesh.", "Gateway", "Service").Or("Gateway"))
                .Must("name", Subdomain("Its name."))
                .With("namespace", Label("Its namespace. Default: the Canary's."))
                .With("sectionName", Subdomain("Name of its listener or port. Default: all of them."))
                .With("port", Forms.Whole("Number of its port. Default: all of them.", 1, 65535)),
            "Parents of the route that MeshCanary makes.").Rule("minItems", 1).Rule("maxItems", 32))
        .With("kind", OneOf("Kind of the route that MeshCanary makes.", Kinds).Or(Kinds[0]))
        .With("hostnames", ListOf(Text("A host name; a leading *. stands for any first part."), "Host names of the route that MeshCanary makes. Default: all.").Rule("maxItems", 16))
        .With("unreportedParents", OneOf("A parent on which no controller reports. wait: it is waited for; take: it counts after the time of propagation.", "wait", "take").Or("wait"))
        .With("propagation", Duration("How long a written route is taken to be on its way to the data plane, on which the Gateway API does not report; 0s to 5m.").Or("5s"));
}
