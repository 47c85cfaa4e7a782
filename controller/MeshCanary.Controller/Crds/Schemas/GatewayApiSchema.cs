using static MeshCanary.Controller.Crds.Schemas.Forms;

namespace MeshCanary.Controller.Crds.Schemas;

/// <summary>The schema of <c>spec.router.gatewayApi</c>.</summary>
internal static class GatewayApiSchema
{
    public static FieldSchema GatewayApi { get; } = Mapping("Parameters of the router gatewayApi.")
        .With("propagation", Duration("How long a route that no controller reports on is taken to be on its way to the data plane, 0s to 5m.").Or("5s"));
}
