using System.Collections.Immutable;

namespace MeshCanary.Analysis.Calibration;

/// <summary>State of one metric of a <see cref="CalibrationAlarm"/>; plain finite numbers.</summary>
public sealed record MetricAlarmState
{
    /// <summary>Its name.</summary>
    public required string Metric { get; init; }

    /// <summary>Block and batches under way, and the sums of the run.</summary>
    public required MeterState Meter { get; init; }

    /// <summary>ln of the e-process of each batch length.</summary>
    public required ImmutableArray<double> Evidence { get; init; }

    /// <summary>ln of their mean at its highest.</summary>
    public required double Highest { get; init; }
}
