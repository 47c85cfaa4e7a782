using System.Collections.Immutable;

namespace MeshCanary.Analysis.Planning;

/// <summary>What one step of a rollout can be expected to find out.</summary>
public sealed record StepForecast
{
    /// <summary>Share of the canary, 0…1.</summary>
    public required double Share { get; init; }

    /// <summary>How long the step counts requests.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Canary requests expected in it.</summary>
    public required double CanaryRequests { get; init; }

    /// <summary>The smallest rise of the error rate (a share) expected to be rolled back within the step; null when none is.</summary>
    public required double? SmallestErrorIncrease { get; init; }

    /// <summary>The smallest latency factor by percentile expected to be rolled back within the step.</summary>
    public required ImmutableArray<LatencyForecast> Latency { get; init; }

    /// <summary>Time at this share until a version as good as stable is proven harmless; null when it is longer than a month.</summary>
    public required TimeSpan? TimeToPass { get; init; }

    /// <summary>All of it in one plain sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>What a step at a share (0…1) of a duration can and cannot detect.</summary>
    public static StepForecast Of(VerdictForecaster forecaster, double share, TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(forecaster);
        if (!(share is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A canary share is from 0 to 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        var forecast = new StepForecast
        {
            Share = share,
            Duration = duration,
            CanaryRequests = forecaster.Traffic.At(share).CanaryPerSecond * duration.TotalSeconds,
            SmallestErrorIncrease = forecaster.SmallestErrorIncrease(share, duration),
            Latency = [.. forecaster.Percentiles.Select(percentile => new LatencyForecast(percentile, forecaster.SmallestLatencyFactor(share, percentile, duration)))],
            TimeToPass = forecaster.TimeToPass(share),
            Sentence = "",
        };
        return forecast with { Sentence = ForecastWording.Of(forecast, forecaster.Traffic) };
    }
}
