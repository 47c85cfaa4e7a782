using System.Collections.Immutable;
using MeshCanary.Analysis.Calibration;

namespace MeshCanary.Analysis.Judging.Noise;

/// <summary>State of the comparison of stable with itself.</summary>
public sealed record NoiseState
{
    /// <summary>The halves of stable's endpoints.</summary>
    public required ImmutableArray<PlacedEndpoint> Split { get; init; }

    /// <summary>What is learned, by metric; null for one whose φ is given or stored.</summary>
    public required ImmutableArray<MeterState?> Online { get; init; }

    /// <summary>The watch over stored φ, by metric with one.</summary>
    public required ImmutableArray<MetricAlarmState> Alarm { get; init; }

    /// <summary>The alarms, by metric with a stored φ; null for one without an alarm.</summary>
    public required ImmutableArray<MetricAlarm?> Louder { get; init; }
}
