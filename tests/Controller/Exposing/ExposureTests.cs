using System.Collections.Concurrent;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;
using Microsoft.Extensions.Time.Testing;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Tests.Exposing;

/// <summary>The exposure budget between a controller and proxies that spend whatever they are given.</summary>
public sealed class ExposureTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Backend _v1 = new();
    private readonly Backend _v2 = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentDictionary<string, long> _spent = new();

    public void Dispose()
    {
        _v1.Dispose();
        _v2.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Requests_SpentWithoutAVerdict_EndTheAnalysis()
    {
        await using var controller = await StartAsync(new ExposureSpec { MaxRequests = 1000 });
        await using var one = new FakeProxy("one");
        await using var two = new FakeProxy("two");
        await BeginAsync(controller, one, two);
        var budget = one.Newest!.Routes[0].Budget;
        Assert.Equal((0UL, false), (budget.Requests, budget.HasFailures));
        Assert.StartsWith("r1-", budget.Run, StringComparison.Ordinal);

        var view = await Spending(one, two).FlowUntil(controller, view => view.Phase == Phase.Paused, "The budget has no end");
        Assert.Equal(HoldKind.Inconclusive, view.Run!.Hold!.Kind);
        Assert.Contains("the exposure budget of 1000 requests is", view.Run.Reason, StringComparison.Ordinal);
        Assert.Equal((1000L, 1000L), (view.Exposure!.MaxRequests, view.Exposure.GivenRequests));
        Assert.InRange(_spent.Values.Sum(), 900, 1000);
        Assert.Single(await controller.EventsAsync(), entry => entry.Kind == "ExposureSpent");
        Assert.Equal(1000, await FigureAsync(controller, "meshcanary_canary_exposure{canary=\"shop/checkout\",resource=\"requests\",figure=\"limit\"}"));
    }

    [Fact]
    public async Task Failures_Spent_FailTheRun()
    {
        await using var controller = await StartAsync(new ExposureSpec { MaxFailures = 20 });
        await using var proxy = new FakeProxy("edge");
        await BeginAsync(controller, proxy);
        var view = await Spending(proxy).FlowUntil(controller, view => view.Phase == Phase.Failed, "The run goes on");
        Assert.Equal((RunOutcome.RolledBack, "the exposure budget of 20 failures is spent"), (view.Run!.Outcome, view.Run.Reason));
        Assert.Equal((20L, 20L), (view.Exposure!.SpentFailures, view.Exposure.GivenFailures));
    }

    [Fact]
    public async Task Parts_AcrossRestartsAndLostAndNewProxies_NeverAddUpToMoreThanTheBudget()
    {
        var exposure = new ExposureSpec { MaxRequests = 1000 };
        var proxies = new List<FakeProxy>();
        try
        {
            for (var round = 0; round < 4; round++)
            {
                await using var controller = await StartAsync(exposure);
                var (old, fresh) = (proxies.LastOrDefault(), new FakeProxy($"edge{round}"));
                proxies.Add(fresh);
                FakeProxy[] present = old is null ? [fresh] : [old, fresh];
                foreach (var proxy in present)
                    await proxy.ConnectAsync(controller.Server.Control);
                if (round == 0)
                    await AnnounceAsync(controller, 1);
                else
                    _time.Advance(TimeSpan.FromSeconds(6));
                var reached = round;
                await Spending(present).FlowUntil(controller, view => view.Phase == Phase.Paused || _spent.Values.Sum() > 200 * (reached + 1), "Nothing is given");
                Assert.True(Given(proxies) <= 1000, $"{Given(proxies)} were given");
                foreach (var proxy in present)
                    await proxy.BreakAsync();
            }

            Assert.InRange(_spent.Values.Sum(), 500, 1000);
        }
        finally
        {
            foreach (var proxy in proxies)
                await proxy.DisposeAsync();
        }
    }

    private static long Given(IEnumerable<FakeProxy> proxies) => proxies.Sum(Allowed);

    private static long Allowed(FakeProxy proxy) => proxy.Allowances.Select(allowance => (long)(allowance.Budget.HasRequests ? allowance.Budget.Requests : allowance.Budget.Failures)).DefaultIfEmpty().Max();

    // Every proxy spends all that it has been given by the time it reports.
    private TrafficFlow Spending(params FakeProxy[] proxies) => new("shop/checkout", proxies)
    {
        AlsoSays = (proxy, counts) =>
        {
            if (proxy.Newest!.Routes[0].Budget is not { } budget)
                return;
            var spent = _spent[proxy.Name] = Allowed(proxy);
            counts.Exposure = new Wire.ExposureReport { Run = budget.Run };
            if (budget.HasRequests)
                (counts.Exposure.Requests, counts.Exposure.AllowedRequests) = ((ulong)spent, (ulong)spent);
            else
                (counts.Exposure.Failures, counts.Exposure.AllowedFailures) = ((ulong)spent, (ulong)spent);
        },
    };

    private static async Task<double> FigureAsync(TestController controller, string name) => await TrafficFlow.FigureAsync(controller, name);

    private Task<TestController> StartAsync(ExposureSpec exposure)
    {
        var manifest = TestController.Manifest("checkout", _v1.Address, 1000);
        var strategy = manifest.Spec.Strategy;
        strategy = strategy with { Exposure = exposure, Steps = [strategy.Steps[0] with { MinDuration = TimeSpan.FromHours(1), MaxDuration = TimeSpan.FromHours(2) }] };
        // No verdict ever: it is the budget that ends these runs.
        var analysis = manifest.Spec.Analysis with { Settings = manifest.Spec.Analysis.Settings with { MinimumCanaryRequests = 1_000_000_000 } };
        return TestController.StartAsync(_folder.Path, _time, manifest with { Spec = manifest.Spec with { Strategy = strategy, Analysis = analysis } });
    }

    private async Task BeginAsync(TestController controller, params FakeProxy[] proxies)
    {
        foreach (var proxy in proxies)
            await proxy.ConnectAsync(controller.Server.Control);
        await AnnounceAsync(controller, proxies.Length);
    }

    private async Task AnnounceAsync(TestController controller, int proxies)
    {
        await controller.Until(view => view.Phase == Phase.Stable && view.Proxies.Length == proxies, "The Canary is not adopted");
        await controller.AnnounceAsync("v2", _v2.Address);
        await controller.Until(view => view.Weight is { Desired: 1000, Acknowledged: 1000 }, "The weight is not acknowledged");
    }
}
