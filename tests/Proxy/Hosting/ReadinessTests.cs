using MeshCanary.Proxy.Hosting;
using MeshCanary.Proxy.Routing;

namespace MeshCanary.Proxy.Tests.Hosting;

public sealed class ReadinessTests
{
    [Fact]
    public void Readiness_TableIsThereButNoRouteLeadsToIt_IsNotYet()
    {
        var tables = new RouteTableHolder(TimeProvider.System);
        var readiness = new Readiness(tables);
        Assert.NotNull(readiness.Obstacle);

        tables.Swap(new RouteTable(1, []));
        Assert.NotNull(readiness.Obstacle);

        tables.Complete(1);
        Assert.Null(readiness.Obstacle);

        readiness.Drain();
        Assert.NotNull(readiness.Obstacle);
    }
}
