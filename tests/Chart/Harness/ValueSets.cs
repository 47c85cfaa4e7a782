namespace MeshCanary.Chart.Tests.Harness;

/// <summary>Values that people install with.</summary>
internal static class ValueSets
{
    public const string Confined = "confined";
    public const string Everything = "everything";

    private static readonly Dictionary<string, string[]> Sets = new(StringComparer.Ordinal)
    {
        ["defaults"] = [],
        [Confined] = ["--set", "namespaces={shop,cart}"],
        ["old server"] = ["--kube-version", "1.20.2"],
        ["single"] = ["--set", "replicas=1"],
        ["without webhooks"] = ["--set", "webhooks.enabled=false"],
        ["ids by the platform"] = ["--set", "podSecurityContext.runAsUser=null,podSecurityContext.runAsGroup=null,podSecurityContext.fsGroup=null"],
        ["mirror"] = ["--set", "image.registry=registry.example,proxy.image.registry=registry.example,imagePullSecrets[0].name=pull"],
        [Everything] =
        [
            "--set", "networkPolicy.enabled=true,monitoring.serviceMonitor.enabled=true,monitoring.podMonitor.enabled=true,rbac.configSnapshots=true,rbac.metricJobs=true,priorityClassName=high",
            "--set", "commonLabels.team=web,podLabels.tier=control,podAnnotations.note=x,nodeSelector.disk=ssd,extraArgs={--log-level=debug}",
            "--set-json", """tolerations=[{"operator":"Exists"}]""",
            "--set-json", """networkPolicy.metricsFrom=[{"namespaceSelector":{}}]""",
            "--api-versions", "monitoring.coreos.com/v1",
        ],
    };

    /// <summary>Their names, for theories.</summary>
    public static TheoryData<string> Names => [.. Sets.Keys];

    /// <summary>What is rendered with one.</summary>
    public static Task<Rendered> RenderAsync(string name) => Rendered.WithAsync(Sets[name]);
}
