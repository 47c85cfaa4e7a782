using System.Collections.Immutable;
using MeshCanary.Analysis.Calibration;

namespace MeshCanary.Controller.Api;

/// <summary>What is known of a service's own noise.</summary>
/// <param name="Standing">How far it may be trusted by a run that begins now.</param>
/// <param name="Reason">Why it is not fresh, in one plain sentence; null when it is.</param>
/// <param name="MeasuredAt">When stable was last compared with itself; null before the first time.</param>
/// <param name="Metrics">The noise by metric; empty before the first comparison.</param>
public sealed record CalibrationView(CalibrationStanding Standing, string? Reason, DateTimeOffset? MeasuredAt, ImmutableArray<CalibrationMetricView> Metrics);
