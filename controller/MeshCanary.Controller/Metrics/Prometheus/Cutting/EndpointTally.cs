using System.Collections.Immutable;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Samples.Prometheus;

namespace MeshCanary.Controller.Metrics.Prometheus.Cutting;

/// <summary>Adds up what one endpoint served in one window. Not thread-safe.</summary>
internal sealed class EndpointTally(ImmutableArray<double> boundaries)
{
    private readonly double[] _latency = new double[boundaries.Length + 1];

    /// <summary>Failures.</summary>
    public double Errors { get; set; }

    /// <summary>Requests that did not fail, as their counter has them.</summary>
    public double Succeeded { get; set; }

    /// <summary>The same as their histogram has them.</summary>
    public double Timed => _latency[^1];

    /// <summary>Adds latencies: cumulative counts at each boundary, and all of them at last.</summary>
    public void Add(double[] latency) => Increase.Add(_latency, latency);

    /// <summary>
    /// The sums. A histogram that holds more than did not fail holds failures too, and nobody knows which of its requests they are: they
    /// are taken from the fastest, so that nothing slow disappears.
    /// </summary>
    public ArmCounts Close()
    {
        var failures = Math.Max(0, Timed - Succeeded);
        var cumulative = boundaries.Append(double.PositiveInfinity).Zip(_latency, (bound, count) => KeyValuePair.Create(bound, Math.Max(0, count - failures)));
        return new ArmCounts { Errors = (long)Math.Round(Errors), Latency = new ClassicHistogram(cumulative).ToLatency() };
    }
}
