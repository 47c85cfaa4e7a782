using System.Globalization;

namespace MeshCanary.Analysis.Judging;

/// <summary>Names of what is measured, as they appear in verdicts, guards and specs.</summary>
public static class MetricNames
{
    /// <summary>The share of failed requests as a compared metric.</summary>
    public const string Errors = "errors";

    /// <summary>The share of failed requests as a guarded metric.</summary>
    public const string ErrorRate = "errorRate";

    private const string LatencyPrefix = "latencyP";

    /// <summary><c>latencyP50</c>, <c>latencyP99.9</c>…</summary>
    public static string Latency(double percentile) => LatencyPrefix + percentile.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>The percentile in a latency metric's name, inside (0, 100); false for any other text.</summary>
    public static bool TryParseLatency(string? name, out double percentile)
    {
        percentile = 0;
        return name is not null
            && name.StartsWith(LatencyPrefix, StringComparison.Ordinal)
            && double.TryParse(name.AsSpan(LatencyPrefix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out percentile)
            && percentile is > 0 and < 100;
    }
}
