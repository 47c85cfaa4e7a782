using MeshCanary.Controller.Distribution.Cluster;

namespace MeshCanary.Controller.Tests.Distribution.Cluster;

/// <summary>The proxy pods that the test says there are.</summary>
internal sealed class TestPods : IProxyPods
{
    public IReadOnlyCollection<string> Names { get; set; } = [];

    public IReadOnlyCollection<string> Serving(string key) => Names;
}
