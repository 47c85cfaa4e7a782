using static MeshCanary.Controller.Crds.Schemas.Forms;

namespace MeshCanary.Controller.Crds.Schemas;

/// <summary>The schema of <c>spec.router</c>.</summary>
internal static class RouterSchema
{
    public static FieldSchema Router { get; } = Mapping("Who splits the traffic, and how requests are sent on.")
        .With("type", OneOf("proxy: MeshCanary's own proxies. istio: VirtualServices of Istio. gatewayApi: routes of the Gateway API.", "proxy", "istio", "gatewayApi").Or("proxy"))
        .With("istio", IstioSchema.Istio)
        .With("gatewayApi", GatewayApiSchema.GatewayApi)
        .With("headers", PerArm("What is changed in the headers of what a version gets and answers.", Arm))
        .With("maxConcurrent", PerArm("Requests on their way to a version at a time, from one proxy. What is above it goes from the canary to stable; stable answers 503.", Concurrent))
        .With("slowStart", Duration("An endpoint that became ready gets less than its share for so long, rising; 0s to 1h.").Or("0s"))
        .With("outliers", Mapping("When an endpoint that fails several times in a row is left out for a while.")
            .With("unreachable", Forms.Whole("Failures in a row to reach it.", 1, 1000).Or(3))
            .With("failures", Forms.Whole("Failures of any kind in a row; 0 for never.", 0, 1000).Or(0))
            .With("pause", Duration("How long the first time; longer each time in a row. 100ms to 1h.").Or("2s"))
            .With("maxEjected", Percent("Share of a version's endpoints that may be left out at a time, in whole percent; one always stays.").Or("50%")))
        .With("upstream", Mapping("How endpoints are spoken to.")
            .With("protocol", OneOf("auto: HTTP/1.1, and HTTP/2 for gRPC; http2 over plain text is by prior knowledge.", "auto", "http1", "http2").Or("auto"))
            .With("tls", Mapping("TLS to endpoints. Files are on the proxies' disks, and read again when they change.")
                .With("serverName", Subdomain("Name that the endpoints' certificate must be for. Default: the address's host."))
                .With("authorityFile", File("PEM file of the authorities to trust. Default: the system's."))
                .With("certificateFile", File("PEM file of the certificate that proxies show; with keyFile."))
                .With("keyFile", File("PEM file of its key; with certificateFile."))));

    private static FieldSchema PerArm(string description, Func<string, FieldSchema> arm) => Mapping(description)
        .With("stable", arm("The stable version."))
        .With("canary", arm("The new version."));

    private static FieldSchema Concurrent(string description) => Forms.Whole($"{description} Default: no limit.", 1, 1_000_000);

    private static FieldSchema Arm(string description) => Mapping(description)
        .With("request", Changes("Headers of requests."))
        .With("response", Changes("Headers of answers."));

    private static FieldSchema Changes(string description) => Mapping($"{description} First remove, then set, then add.")
        .With("set", MapOf(Text("Its value."), "Headers that take the place of what is there, by name."))
        .With("add", MapOf(Text("Its value."), "Headers that stand beside what is there, by name."))
        .With("remove", ListOf(Token("Name of a header."), "Headers that are taken away."));
}
