using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Crds;

namespace MeshCanary.Controller.Annotating;

/// <summary>The annotations that there are. <c>docs/kubernetes-api.md</c> lists them, and a test compares.</summary>
internal static class AnnotationKeys
{
    /// <summary>Turns it on: <c>true</c> or <c>false</c>.</summary>
    public const string Enabled = $"{ApiNames.Prefix}enabled";

    /// <summary>Which Deployment; found by the selector without it.</summary>
    public const string Workload = $"{ApiNames.Prefix}workload";

    /// <summary>The keys that become fields of the Canary, in the order in which they are written into it.</summary>
    public static ImmutableArray<AnnotationKey> All { get; } =
    [
        AnnotationKey.Plain("strategy", "strategy.type"),
        new("steps", "strategy.steps", (draft, value) => draft.Steps = [.. SpecDraft.Split(value)]),
        new("step-duration", "strategy.steps.minDuration", (draft, value) => draft.StepDuration = value),
        new("max-step-duration", "strategy.steps.maxDuration", (draft, value) => draft.MaxStepDuration = value),
        new("approval", "strategy.steps.approval", (draft, value) => draft.Approval = value),
        new("stickiness", "strategy.stickiness", Stickiness),
        AnnotationKey.Plain("router", "router.type"),
        new("prometheus", "analysis.source.address", Prometheus),
        AnnotationKey.Plain("prometheus-preset", "analysis.source.preset"),
        new("max-error-rate", "analysis.guards.errorRate", (draft, value) => draft.Guard("errorRate", value)),
        new("max-latency-p50", "analysis.guards.latencyP50", (draft, value) => draft.Guard("latencyP50", value)),
        new("max-latency-p90", "analysis.guards.latencyP90", (draft, value) => draft.Guard("latencyP90", value)),
        new("max-latency-p99", "analysis.guards.latencyP99", (draft, value) => draft.Guard("latencyP99", value)),
        AnnotationKey.Plain("interval", "analysis.interval"),
        AnnotationKey.Plain("warmup", "analysis.warmup"),
        AnnotationKey.Plain("on-inconclusive", "analysis.onInconclusive"),
        AnnotationKey.Plain("on-failure", "onFailure"),
        AnnotationKey.Plain("bake-time", "bakeTime"),
        AnnotationKey.Plain("progress-deadline", "progressDeadline"),
        AnnotationKey.Plain("hold", "workload.hold"),
        AnnotationKey.Plain("health-path", "workload.healthPath"),
        AnnotationKey.List("hosts", "service.hosts"),
        AnnotationKey.List("ports", "service.ports"),
        AnnotationKey.List("allow", "service.allow"),
    ];

    /// <summary>What we write ourselves: not the user's, and no error.</summary>
    public static FrozenSet<string> Ours { get; } =
        new[] { ApiNames.CanaryAnnotation, ApiNames.OriginalSelectorAnnotation, ApiNames.PinnedSelectorAnnotation, ApiNames.HeldAnnotation, ApiNames.ResumedByAnnotation }.ToFrozenSet(StringComparer.Ordinal);

    private static void Prometheus(SpecDraft draft, string value)
    {
        draft.Put("analysis.source.type", "prometheus");
        draft.Put("analysis.source.address", value);
    }

    // cookie:NAME, header:NAME or none.
    private static void Stickiness(SpecDraft draft, string value)
    {
        var parts = value.Split(':', 2, StringSplitOptions.TrimEntries);
        draft.Put("strategy.stickiness", parts is ["cookie" or "header", var name] ? new JsonObject { [parts[0]] = name } : value);
    }
}
