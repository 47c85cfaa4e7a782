using static MeshCanary.Controller.Crds.Schemas.Forms;

namespace MeshCanary.Controller.Crds.Schemas;

/// <summary>The schema of a Canary. A test holds its fields against those that the binder knows.</summary>
internal static class CanarySchema
{
    public static FieldSchema Spec { get; } = Mapping("What is watched over, how a new version gets its traffic, and what counts as harm. Durations are written 500ms, 90s, 2m or 1h30m; percentages 5% or 0.05%.")
        .Must("workload", Workload())
        .Must("service", Target())
        .With("router", RouterSchema.Router)
        .Must("strategy", StrategySchema.Strategy)
        .With("analysis", AnalysisSchema.Analysis)
        .With("onFailure", OneOf("What a failure does: rollback returns all traffic to stable; hold keeps the weight for at most 24 hours for a person.", "rollback", "hold").Or("rollback"))
        .With("bakeTime", Duration("How long a promoted version is watched while the old one is kept at full size; harm returns to the old one.").Or("10m"))
        .With("progressDeadline", Duration("Longest wait for pods to be ready, for proxies to confirm a weight, or for a broken split.").Or("10m"))
        .With("gates", NotYet("Webhooks that are asked at points of the rollout. Not supported by this version: leave it out or empty."))
        .With("notifications", NotYet("Who is told of what happens. Not supported by this version: leave it out or empty."));

    public static FieldSchema Whole { get; } = Mapping("A Canary watches over a Deployment and its Service: every new version gets a little real traffic, is compared with the running one, and is promoted or rolled back.")
        .With("apiVersion", Text("meshcanary.io/v1alpha1"))
        .With("kind", Text("Canary"))
        .With("metadata", new FieldSchema { Type = "object" })
        .Must("spec", Spec)
        .With("status", StatusSchema.Of(typeof(Statuses.CanaryStatus)));

    private static FieldSchema Workload() => Mapping("What runs the versions.")
        .Must("kind", OneOf("Kind of the workload.", "Deployment"))
        .Must("name", Subdomain("Name of the workload, in the Canary's namespace. It cannot be changed while a run is in flight."))
        .With("hold", OneOf("How a new template is kept from rolling out by itself: webhook pauses the Deployment in the write that changes it; always keeps it paused; repair pauses it afterwards and takes over what had started.", "webhook", "always", "repair").Or("webhook"))
        .With("configSnapshots", Flag("Copies ConfigMaps and Secrets that the template names for each revision that is started from now on, which keeps its own; its Deployment stays paused meanwhile.").Or(false))
        .With("onRelease", OneOf("What becomes of a template that is not the promoted one when the Canary is deleted: hold leaves the Deployment paused; resume rolls the template out without analysis.", "hold", "resume").Or("hold"))
        .With("drainTime", Duration("How long pods that get no new request are kept, for what they still serve.").Or("40s"))
        .With("healthPath", Path("Path that answers 2xx when an endpoint is ready, asked by the proxies beside the pods' own readiness; the short form of healthCheck.path."))
        .With("healthCheck", Mapping("How proxies ask whether an endpoint is ready, beside the pods' own readiness: path or grpc.")
            .With("path", Path("Path that answers 2xx when an endpoint is ready."))
            .With("grpc", Mapping("Ready when grpc.health.v1.Health/Check answers SERVING.")
                .With("service", Text("Name of the service that is asked for; the server as a whole without it.")))
            .With("interval", Duration("Time from probe to probe, 100ms to 5m. Default: 2s for a proxy."))
            .With("timeout", Duration("Longest time for an answer, 10ms to 5m. Default: 2s.")));

    private static FieldSchema Target() => Mapping("The Service that clients call.")
        .Must("name", Label("Name of the Service, in the Canary's namespace. It cannot be changed while a run is in flight."))
        .With("hosts", ListOf(Subdomain("A host name, without scheme and port."), "Hosts of the requests that belong to it. Default: any."))
        .With("pathPrefix", Path("Requests below this path belong to it.").Or("/"))
        .With("ports", ListOf(IntOrString("Name or number of a port."), "Ports of the Service whose traffic is split. Default: all of them.").Rule("minItems", 1))
        .With("allow", ListOf(OneOf("headless: clients dial pods by themselves, and reach the proxies only after they have looked the name up again; clientIP: an affinity of clients to pods is one of clients to proxies instead.", "headless", "clientIP"), "Kinds of Services that are refused unless they are named here."));
}
