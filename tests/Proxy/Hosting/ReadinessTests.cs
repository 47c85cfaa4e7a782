using MeshCanary.Proxy.Hosting;
using MeshCanary.Proxy.Routing;

namespace MeshCanary.Proxy.Tests.Hosting;

public sealed class ReadinessTests
{
    [Fact]
    public void Readiness_FollowsTheTableAndTheDrain()
    {
        var tables = new RouteTableHolder();
        var readiness = new Readiness(tables);
        Assert.NotNull(readiness.Obstacle);

        tables.Swap(new RouteTable(1, []));
        Assert.Null(readiness.Obstacle);

        readiness.Drain();
        Assert.NotNull(readiness.Obstacle);
    }
}
