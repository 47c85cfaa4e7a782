namespace MeshCanary.Functional.Tests.Meshes;

/// <summary>
/// What a test's mesh is set to. The margins are wide and the steps short, so that a few hundred requests decide: how
/// sharp the engine is at its default margins is what tests/Analysis measures.
/// </summary>
internal sealed record MeshPlan
{
    public int Proxies { get; init; } = 2;

    /// <summary>Ports for the metrics of the proxies, where somebody has to know them before; null for any that are free.</summary>
    public IReadOnlyList<int>? MetricPorts { get; init; }

    /// <summary>Body of <c>steps:</c>, one YAML flow mapping a step.</summary>
    public IReadOnlyList<string> Steps { get; init; } =
        ["{ weight: 20, minDuration: 2s, maxDuration: 60s }", "{ weight: 50, minDuration: 2s, maxDuration: 60s }"];

    public string BakeTime { get; init; } = "2s";

    public string Stickiness { get; init; } = "";

    /// <summary>One more line of <c>strategy</c>.</summary>
    public string Strategy { get; init; } = "";

    public string Interval { get; init; } = "1s";

    /// <summary>One more line of <c>analysis</c>.</summary>
    public string Analysis { get; init; } = "";

    public string ToYaml(string name, string stableAddress) => $$"""
        apiVersion: meshcanary.io/v1alpha1
        kind: Canary
        metadata: { name: {{name}}, namespace: shop }
        spec:
          workload: { kind: Static, name: {{name}}, stable: { revision: v1, addresses: ["{{stableAddress}}"] } }
          service: { name: {{name}} }
          router: { type: proxy }
          strategy:
            type: canary
            steps:
        {{string.Join('\n', Steps.Select(step => $"      - {step}"))}}
            {{Stickiness}}
            {{Strategy}}
          analysis:
            interval: {{Interval}}
            warmup: 3s
            errors: { tolerate: { absolute: 0.5%, relative: 10% }, harm: { absolute: 10% } }
            latency: { percentiles: [50, 90], tolerate: 19%, harm: 300% }
            overdispersion: { errors: 1, latency: 1 }   # the backends treat every request by itself
            onInconclusive: hold
            {{Analysis}}
          onFailure: rollback
          bakeTime: {{BakeTime}}
          progressDeadline: 60s
        """;
}
