namespace MeshCanary.Analysis.Calibration;

/// <summary>How much more one metric of a service varies than independent requests would.</summary>
public sealed record MetricCalibration
{
    /// <summary><c>errors</c>, or <c>latencyP50</c>, <c>latencyP99.9</c> and so on.</summary>
    public required string Metric { get; init; }

    /// <summary>φ ≥ 1 from stable-versus-stable batch means; divides ln e.</summary>
    public required double Overdispersion { get; init; }

    /// <summary>Blocks of one minute it rests on.</summary>
    public required int Blocks { get; init; }
}
