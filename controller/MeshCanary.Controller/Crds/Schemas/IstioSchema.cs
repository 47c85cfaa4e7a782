using static MeshCanary.Controller.Crds.Schemas.Forms;

namespace MeshCanary.Controller.Crds.Schemas;

/// <summary>The schema of <c>spec.router.istio</c>.</summary>
internal static class IstioSchema
{
    public static FieldSchema Istio { get; } = Mapping("Parameters of the router istio.")
        .With("virtualServices", ListOf(
            Mapping("A VirtualService of your own, in the Canary's namespace.")
                .Must("name", Subdomain("Its name."))
                .With("routes", ListOf(Text("Name of an HTTP route."), "HTTP routes in it whose destinations are changed. Default: all routes that lead to the Service, of TLS and TCP too.")),
            "VirtualServices of your own whose destinations are changed, and nothing else in them. Default: MeshCanary makes one."))
        .With("hosts", ListOf(Text("A host name; a leading * stands for any first part."), "Hosts of the VirtualService that MeshCanary makes, beside the Service's own."))
        .With("gateways", ListOf(Text("mesh for sidecars, or a Gateway as NAME or NAMESPACE/NAME."), "Gateways of the VirtualService that MeshCanary makes. Default: mesh."))
        .With("http", Mapping("Fields of each HTTP route that MeshCanary makes, as Istio has them.")
            .With("corsPolicy", Anything("Cross-origin requests."))
            .With("fault", Anything("Injected faults."))
            .With("headers", Anything("Changes of headers."))
            .With("retries", Anything("Retries."))
            .With("rewrite", Anything("Rewrites of path and authority."))
            .With("timeout", Text("Longest time of a request.")))
        .With("propagation", Duration("How long a VirtualService on which Istio does not report is taken to be on its way to the data plane, 0s to 5m.").Or("5s"));
}
