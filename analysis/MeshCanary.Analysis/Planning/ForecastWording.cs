using System.Globalization;
using System.Text;

namespace MeshCanary.Analysis.Planning;

/// <summary>Puts a forecast into a sentence.</summary>
internal static class ForecastWording
{
    public static string Of(StepForecast step, TrafficForecast traffic)
    {
        if (step.Share is 0 or 1)
            return Say($"At {Percent(step.Share)} one arm gets no traffic, so nothing is compared.");
        var text = new StringBuilder(Say($"At {Percent(step.Share)} of {traffic.RequestsPerSecond:#,0.##} requests/s for {Duration(step.Duration)} ({step.CanaryRequests:N0} canary requests) a rollback is expected "));
        text.Append(step.SmallestErrorIncrease is { } increase
            ? Say($"from an error rate of {Percent(traffic.StableErrorRate + increase)} on (stable: {Percent(traffic.StableErrorRate)})")
            : "for no rise of the error rate at all");
        if (!step.Latency.IsEmpty)
            text.Append(" and for latencies longer by ").AppendJoin(", ", step.Latency.Select(Seen));
        text.Append("; less is not seen in that time. A version as good as stable is proven harmless ");
        return text.Append(step.TimeToPass is { } time ? Say($"after {Duration(time)} at this weight.") : "only after more than a month at this weight.").ToString();
    }

    public static string Percent(double share) => Say($"{share * 100:0.##} %");

    public static string Duration(TimeSpan time) => time switch
    {
        { TotalMinutes: < 2 } => Say($"{time.TotalSeconds:0} s"),
        { TotalHours: < 2 } => Say($"{Math.Ceiling(time.TotalMinutes * 10) / 10:0.#} min"),
        { TotalDays: < 2 } => Say($"{Math.Ceiling(time.TotalHours * 10) / 10:0.#} h"),
        _ => Say($"{Math.Ceiling(time.TotalDays):0} days"),
    };

    private static string Seen(LatencyForecast latency) => latency.SmallestFactor is { } slower
        ? Say($"{(slower - 1) * 100:0} % (by p{latency.Percentile:0.###})")
        : Say($"no factor (by p{latency.Percentile:0.###})");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
