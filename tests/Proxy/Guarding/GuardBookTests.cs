using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Guarding;
using MeshCanary.Proxy.Recording;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Proxy.Tests.Guarding;

public sealed class GuardBookTests
{
    private readonly GuardBook _book = new(new CounterBook(), new FakeTimeProvider(), NullLogger<CanaryGuard>.Instance);

    [Fact]
    public void Route_ThatAsksForNothing_HasNoGuard() => Assert.Null(_book.Prepare(Route()));

    [Fact]
    public void Guard_OverSnapshots_StaysTheSame()
    {
        var guard = Prepare(Route(run: "r1", requests: 2, circuit: new Circuit()));
        Assert.Equal(GuardAnswer.Admitted, guard.Ask());

        var later = Route(run: "r1", requests: 2, circuit: new Circuit { Failures = 10 });
        later.CanaryWeight = 5000;

        Assert.Same(guard, Prepare(later));
        Assert.Equal(1, guard.Budget!.Requests);
    }

    [Fact]
    public void Guard_OfAnotherRunOrCanary_BeginsAfresh()
    {
        var guard = Prepare(Route(run: "r1", requests: 1));
        Assert.Equal(GuardAnswer.Admitted, guard.Ask());
        Assert.Equal(GuardAnswer.BudgetSpent, guard.Ask());

        Assert.Equal(GuardAnswer.Admitted, Prepare(Route(run: "r2", requests: 1)).Ask());
    }

    [Fact]
    public void Allowance_ForTheRunInForce_RaisesItsPart()
    {
        var guard = Prepare(Route(run: "r1", requests: 0));
        Assert.Equal(GuardAnswer.BudgetSpent, guard.Ask());

        _book.Allow(new Allowance { Route = "shop/checkout", Budget = new ExposureBudget { Run = "r1", Requests = 1 } });
        Assert.Equal([GuardAnswer.Admitted, GuardAnswer.BudgetSpent], [guard.Ask(), guard.Ask()]);

        _book.Allow(new Allowance { Route = "shop/checkout", Budget = new ExposureBudget { Run = "r9", Requests = 9 } });
        Assert.Equal(GuardAnswer.BudgetSpent, guard.Ask());
    }

    [Fact]
    public void Allowance_BeforeItsSnapshot_IsNotLost()
    {
        _book.Allow(new Allowance { Route = "shop/checkout", Budget = new ExposureBudget { Run = "r1", Requests = 1 } });

        Assert.Equal(GuardAnswer.Admitted, Prepare(Route(run: "r1", requests: 0)).Ask());
    }

    [Fact]
    public void Request_ThatDidNotReachTheCanary_IsNotSpent()
    {
        var guard = Prepare(Route(run: "r1", requests: 1));
        guard.GiveBack(guard.Ask());
        Assert.Equal(GuardAnswer.Admitted, guard.Ask());
    }

    [Fact]
    public void Failures_OpenTheCircuitAndSpendTheBudget()
    {
        var guard = Prepare(Route(run: "r1", requests: 100, circuit: new Circuit { Failures = 3 }));
        for (var i = 0; i < 3; i++)
            guard.Failed(guard.Ask());

        Assert.Equal(GuardAnswer.CircuitOpen, guard.Ask());
        Assert.Equal((3, 3), (guard.Budget!.Requests, guard.Budget.Failures));
    }

    private CanaryGuard Prepare(Route route)
    {
        var guard = _book.Prepare(route)!;
        _book.Retain([guard]);
        return guard;
    }

    private static Route Route(string? run = null, ulong requests = 0, Circuit? circuit = null) => new()
    {
        Name = "shop/checkout",
        Stable = new Arm { Revision = "v1" },
        Canary = new Arm { Revision = "v2" },
        Circuit = circuit,
        Budget = run is null ? null : new ExposureBudget { Run = run, Requests = requests },
    };
}
