using MeshCanary.Proxy.Guarding;
using MeshCanary.Proxy.Recording;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Proxy.Tests.Guarding;

public sealed class CanaryCircuitTests
{
    private static readonly CircuitSettings Settings = new(Failures: 5, Share: 0.5, Window: TimeSpan.FromSeconds(1), Pause: TimeSpan.FromSeconds(10));

    private readonly FakeTimeProvider _time = new();
    private readonly RevisionCounters _canaryCounters = new("shop/checkout", "v2");
    private readonly RevisionCounters _stableCounters = new("shop/checkout", "v1");
    private readonly ArmPulse _canary;
    private readonly ArmPulse _stable;
    private readonly CanaryCircuit _circuit;

    public CanaryCircuitTests()
    {
        (_canary, _stable) = (new ArmPulse(_canaryCounters, _time), new ArmPulse(_stableCounters, _time));
        _circuit = new CanaryCircuit(Settings, _canary, _stable, _time);
    }

    [Fact]
    public void Burst_AfterMuchSuccess_OpensWithItsLastFailure()
    {
        Succeed(_canaryCounters, 10_000);

        for (var i = 0; i < 4; i++)
            Assert.Null(Fail());
        Assert.Equal(GuardAnswer.Admitted, _circuit.Ask());

        var burst = Fail();
        Assert.Equal(new BurstFigures(5, 5, 0, 0), burst);
        Assert.Equal(GuardAnswer.CircuitOpen, _circuit.Ask());
        Assert.Equal((CircuitState.Open, 1, _time.GetUtcNow()), (_circuit.Reading.State, _circuit.Reading.Openings, _circuit.Reading.LastOpened));
    }

    [Fact]
    public void Failures_AmongEnoughSuccesses_LeaveItClosed()
    {
        for (var i = 0; i < 100; i++)
        {
            Succeed(_canaryCounters, 2);
            Assert.Null(Fail());
        }
    }

    [Fact]
    public void Failures_SpreadOverTime_LeaveItClosed()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.Null(Fail());
            _time.Advance(TimeSpan.FromMilliseconds(251));
        }
    }

    [Fact]
    public void Failures_ThatStableSharesAlike_LeaveItClosed()
    {
        for (var i = 0; i < 100; i++)
        {
            FailStable();
            Assert.Null(Fail());
        }
    }

    [Fact]
    public void Failures_InARowAfterStableFailedToo_LeaveItClosedForTheWindow()
    {
        FailStable();
        for (var i = 0; i < 100; i++)
            Assert.Null(Fail());

        _time.Advance(Settings.Window + TimeSpan.FromTicks(1));
        for (var i = 0; i < 4; i++)
            Assert.Null(Fail());
        Assert.NotNull(Fail());
    }

    [Fact]
    public void Failures_ThatStableSharesALittle_OpenIt()
    {
        Succeed(_stableCounters, 30);
        for (var i = 0; i < 4; i++)
        {
            FailStable();
            Succeed(_stableCounters, 9);
            Assert.Null(Fail());
        }

        Assert.NotNull(Fail());
    }

    [Fact]
    public void Open_UntilThePauseIsOver_ThenOneProbeAtATime()
    {
        Open();
        _time.Advance(Settings.Pause - TimeSpan.FromTicks(1));
        Assert.Equal(GuardAnswer.CircuitOpen, _circuit.Ask());

        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal([GuardAnswer.Probe, GuardAnswer.CircuitOpen, GuardAnswer.CircuitOpen], [_circuit.Ask(), _circuit.Ask(), _circuit.Ask()]);
        Assert.Equal(CircuitState.HalfOpen, _circuit.Reading.State);

        Assert.False(_circuit.ProbeEnded(answered: true));
        Assert.Equal([GuardAnswer.Probe, GuardAnswer.CircuitOpen], [_circuit.Ask(), _circuit.Ask()]);
        // The client went away: says nothing, and the next one may try.
        Assert.False(_circuit.ProbeEnded(answered: false));
        Assert.Equal(GuardAnswer.Probe, _circuit.Ask());
        Assert.False(_circuit.ProbeEnded(answered: true));
        Assert.Equal(GuardAnswer.Probe, _circuit.Ask());
        Assert.True(_circuit.ProbeEnded(answered: true));
        Assert.Equal([GuardAnswer.Admitted, GuardAnswer.Admitted], [_circuit.Ask(), _circuit.Ask()]);
    }

    [Fact]
    public void Probe_ThatFails_OpensItForAnotherPause()
    {
        Open();
        _time.Advance(Settings.Pause);
        Assert.Equal(GuardAnswer.Probe, _circuit.Ask());
        _canary.Fail();
        Assert.NotNull(_circuit.Failed(probe: true));

        Assert.Equal(GuardAnswer.CircuitOpen, _circuit.Ask());
        Assert.Equal(2, _circuit.Reading.Openings);
        _time.Advance(Settings.Pause);
        Assert.Equal(GuardAnswer.Probe, _circuit.Ask());
    }

    [Fact]
    public void Probe_ThatDoesNotEnd_KeepsTheNextWaitingForAPauseOnly()
    {
        Open();
        _time.Advance(Settings.Pause);
        Assert.Equal(GuardAnswer.Probe, _circuit.Ask());
        _time.Advance(Settings.Pause - TimeSpan.FromTicks(1));
        Assert.Equal(GuardAnswer.CircuitOpen, _circuit.Ask());

        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal([GuardAnswer.Probe, GuardAnswer.CircuitOpen], [_circuit.Ask(), _circuit.Ask()]);
    }

    [Fact]
    public void Probe_ThatFailsAfterItHasClosed_IsOneFailureLikeAnother()
    {
        Open();
        _time.Advance(Settings.Pause);
        Assert.Equal(GuardAnswer.Probe, _circuit.Ask());
        _time.Advance(Settings.Pause);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(GuardAnswer.Probe, _circuit.Ask());
            _circuit.ProbeEnded(answered: true);
        }

        _canary.Fail();
        Assert.Null(_circuit.Failed(probe: true));

        Assert.Equal(GuardAnswer.Admitted, _circuit.Ask());
    }

    [Fact]
    public void Failures_OfRequestsThatBeganBefore_DoNotOpenItTwice()
    {
        Open();
        for (var i = 0; i < 20; i++)
            Assert.Null(Fail());
        Assert.Equal(1, _circuit.Reading.Openings);
    }

    [Fact]
    public async Task Probes_AskedForByManyAtOnce_AreOne()
    {
        Open();
        _time.Advance(Settings.Pause);

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(_circuit.Ask, TestContext.Current.CancellationToken)));

        Assert.Single(answers, GuardAnswer.Probe);
    }

    private void Open()
    {
        for (var i = 0; i < Settings.Failures; i++)
            Fail();
        Assert.Equal(CircuitState.Open, _circuit.Reading.State);
    }

    private BurstFigures? Fail()
    {
        _canaryCounters.Start();
        _canary.Fail();
        var burst = _circuit.Failed(probe: false);
        _canaryCounters.End();
        return burst;
    }

    private void FailStable()
    {
        _stable.Fail();
        Succeed(_stableCounters, 1);
    }

    private static void Succeed(RevisionCounters counters, int times)
    {
        for (var i = 0; i < times; i++)
        {
            counters.Start();
            counters.End();
        }
    }
}
