namespace MeshCanary.Cluster.Tests.Chart;

/// <summary>Tests of a release: roles, definitions and webhooks are the cluster's one and only.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ChartAlone
{
    public const string Name = "chart";
}
