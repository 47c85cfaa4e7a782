using MeshCanary.SampleService.Options;

namespace MeshCanary.SampleService.Behaviour;

/// <summary>Decides how each request fares. Pure: the time since the start and the number of the request go in.</summary>
internal sealed class VersionBehaviour(SampleOptions options)
{
    private const double BurstErrorRate = 0.30;

    // Log-normal with a 99th percentile of five times the median: ln 5 / z(0.99).
    private const double Spread = 1.6094379124341003 / 2.3263478740408408;

    private static readonly TimeSpan BurstPeriod = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(6);

    private readonly Dice _dice = new(options.Seed);

    /// <summary>The outcome of one request.</summary>
    public Outcome Decide(TimeSpan sinceStart, long request)
    {
        var sound = sinceStart < options.FailFrom;
        var errorRate = sound ? Math.Min(options.ErrorRate, SampleOptions.SoundErrorRate) : ErrorRateAt(sinceStart - options.FailFrom);
        var factor = sound ? 1 : options.LatencyFactor;
        var latency = options.Latency * (factor * Math.Exp(Spread * Normal(request)));
        return new Outcome(latency, _dice.Roll(request, 0) < errorRate);
    }

    private double ErrorRateAt(TimeSpan failing)
    {
        var inBurst = options.Flaky && failing.Ticks % BurstPeriod.Ticks >= QuietTime.Ticks;
        return inBurst ? Math.Max(options.ErrorRate, BurstErrorRate) : options.ErrorRate;
    }

    // Box and Muller's transform.
    private double Normal(long request) =>
        Math.Sqrt(-2 * Math.Log(_dice.Roll(request, 1))) * Math.Cos(2 * Math.PI * _dice.Roll(request, 2));
}
