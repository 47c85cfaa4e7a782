using System.Globalization;

namespace MeshCanary.Analysis.Judging.Baking;

/// <summary>Says with numbers why a promoted version has to go.</summary>
internal static class BakeWording
{
    public static string Of(GuardBreach breach) => breach.Metric == MetricNames.ErrorRate
        ? Say($"errorRate {breach.Observed * 100:0.##}% is above {breach.Limit * 100:0.##}% over {breach.Requests} requests")
        : Say($"{breach.Metric} {breach.Observed * 1000:0.#} ms is above {breach.Limit * 1000:0.#} ms over {breach.Requests} requests");

    public static string Of(BakeEvidence now, BakeReference run)
    {
        var what = now.EdgeSeconds is { } edge ? Say($"{now.Metric} (slower than {edge * 1000:0.##} ms)") : now.Metric;
        return Say($"{what}: {Percent(now.Events, now.Requests)} of {now.Requests:N0} requests since the promotion, where the run's {Percent(run.Events, run.Requests)} of {run.Requests:N0} with harm allowed for make at most {now.Boundary * 100:0.00##}% (evidence reached {now.Threshold:0.0})");
    }

    private static string Percent(long events, long requests) => Say($"{(requests == 0 ? 0 : 100.0 * events / requests):0.00##}%");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
