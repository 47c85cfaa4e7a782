namespace MeshCanary.Cluster.Tests.Scenarios;

/// <summary>Tests with the controller in the cluster: one installation for all, one test after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Installed : ICollectionFixture<Installation>
{
    public const string Name = "installed";
}
