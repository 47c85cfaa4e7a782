using MeshCanary.Proxy.Guarding;

namespace MeshCanary.Proxy.Tests.Guarding;

public sealed class ExposureMeterTests
{
    [Fact]
    public void Meter_WithoutAPartYet_AllowsNothing() => Assert.False(new ExposureMeter("r1").TrySpend());

    [Fact]
    public async Task Requests_SpentByManyAtOnce_AreNeverMoreThanAllowed()
    {
        var meter = new ExposureMeter("r1");
        meter.Allow(1000, null);

        var spent = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => Enumerable.Range(0, 400).Count(_ => meter.TrySpend()), TestContext.Current.CancellationToken)));

        Assert.Equal((1000, 1000), (spent.Sum(), meter.Requests));
    }

    [Fact]
    public void Failures_AtTheirLimit_EndTheSpending()
    {
        var meter = new ExposureMeter("r1");
        meter.Allow(null, 2);
        Assert.True(meter.TrySpend());
        meter.Fail();
        Assert.True(meter.TrySpend());
        meter.Fail();
        Assert.False(meter.TrySpend());

        meter.Allow(null, 3);
        Assert.True(meter.TrySpend());
    }

    [Fact]
    public void Limits_OnlyRise()
    {
        var meter = new ExposureMeter("r1");
        meter.Allow(5, 1);
        meter.Allow(3, 0);
        Assert.Equal((5, 1), (meter.AllowedRequests, meter.AllowedFailures));
        meter.Allow(null, 2);
        Assert.Equal((null, 2), (meter.AllowedRequests, meter.AllowedFailures));
    }

    [Fact]
    public void Request_GivenBack_MayBeSpentAgain()
    {
        var meter = new ExposureMeter("r1");
        meter.Allow(1, null);
        Assert.True(meter.TrySpend());
        Assert.False(meter.TrySpend());
        meter.GiveBack();
        Assert.True(meter.TrySpend());
    }
}
