namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>A Canary that cannot be adopted, and the objects that are why.</summary>
/// <param name="Name">Name of the Canary and of its Service.</param>
/// <param name="Reason">The reason that is told.</param>
/// <param name="Remedy">Some of what is said about how to mend it.</param>
/// <param name="Objects">What there is in the namespace.</param>
/// <param name="Deployment">The Deployment that the Canary names.</param>
internal sealed record BadInput(string Name, string Reason, string Remedy, string Objects, string Deployment)
{
    /// <summary>Every case.</summary>
    public static IReadOnlyList<BadInput> All { get; } =
    [
        new("nothing", "SelectorMatchesNothing", "Correct the selector", DeploymentOf("unfound") + ServiceOf("nothing", "selector: { app: nobody }"), "unfound")
        {
            Mend = "patch service nothing", Patch = """{"spec":{"selector":{"app":"unfound"}}}""",
        },
        new("twins", "SelectorMatchesOthers", "also matches Deployment second", DeploymentOf("first", "{ app: twins, side: a }") + DeploymentOf("second", "{ app: twins, side: b }") + ServiceOf("twins"), "first"),
        new("outside", "ServiceExternalName", "Name the Service that has them", "apiVersion: v1\nkind: Service\nmetadata: { name: outside }\nspec: { type: ExternalName, externalName: example.org }\n---\n", "second"),
        new("headless", "ServiceHeadless", "Give it a cluster address", DeploymentOf("headless") + ServiceOf("headless", "clusterIP: None\n  selector: { app: headless }"), "headless"),
        new("portless", "PortMissing", "it has http (80)", DeploymentOf("portless") + ServiceOf("portless"), "portless") { Ports = ", ports: [grpc]" },
        new("nameless", "TargetPortUnresolved", "Name it in the pod template", DeploymentOf("nameless") + ServiceOf("nameless", target: "admin"), "nameless")
        {
            Mend = "patch service nameless", Patch = """{"spec":{"ports":[{"name":"http","port":80,"targetPort":"http"}]}}""",
        },
        new("recreate", "StrategyRecreate", "strategy.type: RollingUpdate", DeploymentOf("recreate", spec: "strategy: { type: Recreate }") + ServiceOf("recreate"), "recreate")
        {
            Mend = "patch deployment recreate", Patch = """{"spec":{"strategy":{"type":"RollingUpdate"}}}""",
        },
        new("empty", "NoReplicas", "Scale it up", DeploymentOf("empty", spec: "replicas: 0") + ServiceOf("empty"), "empty") { Mend = "patch deployment empty", Patch = """{"spec":{"replicas":1}}""" },
        new("homeless", "DeploymentMissing", "Create it", ServiceOf("homeless"), "homeless"),
        new("serviceless", "ServiceMissing", "Create it", DeploymentOf("alone"), "alone"),
    ];

    /// <summary>Which ports the Canary names.</summary>
    public string Ports { get; private init; } = "";

    /// <summary>The command that mends it, with <see cref="Patch"/>; empty where that takes more than one.</summary>
    public string Mend { get; private init; } = "";

    /// <summary>A merge patch.</summary>
    public string Patch { get; private init; } = "";

    /// <summary>The Canary.</summary>
    public string Canary => $$"""
        apiVersion: meshcanary.io/v1alpha1
        kind: Canary
        metadata: { name: {{Name}} }
        spec:
          workload: { kind: Deployment, name: {{Deployment}}, drainTime: 1s }
          service: { name: {{Name}}{{Ports}} }
          strategy: { steps: [{ weight: 20 }] }
        """;

    private static string ServiceOf(string name, string? spec = null, string target = "http") => $$"""
        apiVersion: v1
        kind: Service
        metadata: { name: {{name}} }
        spec:
          {{spec ?? $$"""selector: { app: {{name}} }"""}}
          ports:
          - { name: http, port: 80, targetPort: {{target}} }
        ---

        """;

    private static string DeploymentOf(string name, string? labels = null, string spec = "replicas: 1") => $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: {{name}} }
        spec:
          {{spec}}
          selector: { matchLabels: {{labels ?? $$"""{ app: {{name}} }"""}} }
          template:
            metadata: { labels: {{labels ?? $$"""{ app: {{name}} }"""}} }
            spec:
              terminationGracePeriodSeconds: 5
              containers:
              - name: app
                image: sample-service:v1
                ports:
                - { name: http, containerPort: 8080 }
        ---

        """;
}
