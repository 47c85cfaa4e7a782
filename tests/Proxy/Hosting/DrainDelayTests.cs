using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Testing.Backends;

namespace MeshCanary.Proxy.Tests.Hosting;

public sealed class DrainDelayTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_DelayedDrain_GoesOnServingWhileNotReady()
    {
        await using var backend = await TestBackend.StartAsync("v1", Cancellation);
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, Snapshots.At(backend.Address)), options => options with { DrainDelay = TimeSpan.FromMinutes(5) });
        using var enough = new CancellationTokenSource();

        var stopping = proxy.Server.StopAsync(enough.Token);
        await TestProxy.UntilAsync(
            async () => (await proxy.AdminAsync("/readyz", Cancellation)).StartsWith("503 draining", StringComparison.Ordinal), "the proxy is not ready");

        Assert.Equal("ok", await proxy.Client.GetStringAsync("/", Cancellation));
        Assert.False(stopping.IsCompleted);
        await enough.CancelAsync();
        await stopping.WaitAsync(TestProxy.Deadline, TimeProvider.System, Cancellation);
        Assert.Equal(1, proxy.Controller.Store.Sums().Succeeded);
    }
}
