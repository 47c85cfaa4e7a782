using System.Collections.Immutable;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Workloads;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>What is to be asked for a run. Immutable.</summary>
internal sealed record AskOrder
{
    /// <summary><c>namespace/name</c> of the Canary.</summary>
    public required string Key { get; init; }

    /// <summary>Its namespace, in which templates and their Secrets are.</summary>
    public required string Namespace { get; init; }

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>Start of the first span.</summary>
    public required DateTimeOffset Anchor { get; init; }

    /// <summary>The metrics.</summary>
    public required ImmutableArray<RunMetric> Metrics { get; init; }

    /// <summary>The newest span of each metric that is stored.</summary>
    public required ImmutableArray<AskedSpan> Asked { get; init; }

    /// <summary>Values of the variables that every query of the canary has, without those of time.</summary>
    public required ImmutableDictionary<string, string> Canary { get; init; }

    /// <summary>The same for stable.</summary>
    public required ImmutableDictionary<string, string> Stable { get; init; }

    /// <summary>The order of a record with a run under analysis.</summary>
    public static AskOrder Of(CanaryRecord record, RunAnalysis analysis, WorkloadSight workload)
    {
        var run = record.Status.Run!;
        var spec = record.Manifest.Spec;
        ImmutableDictionary<string, string> Arm(string arm, Revision revision) => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["namespace"] = record.Manifest.Namespace,
            ["service"] = spec.Service.Name,
            ["workload"] = spec.Workload.Name,
            ["revision"] = revision.Name,
            ["arm"] = arm,
            ["podRegex"] = workload.PodRegexOf(revision),
        }.ToImmutableDictionary(StringComparer.Ordinal);

        return new AskOrder
        {
            Key = record.Key,
            Namespace = record.Manifest.Namespace,
            RunId = analysis.RunId,
            Anchor = analysis.Anchor,
            Metrics = analysis.Metrics,
            Asked = analysis.Asked,
            Canary = Arm("canary", run.Canary),
            Stable = Arm("stable", run.Baseline),
        };
    }
}
