using System.Globalization;
using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Analysis.Samples.Custom;
using MeshCanary.Controller.Metrics.Providers;

namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>Makes of a provider's answers what the judge compares, or says why they are of no use. Pure.</summary>
internal static class AnswerShape
{
    private const double Most = 1e12;

    // What an observation in flight between two buckets may make them contradict each other.
    private const double Slack = 0.01;

    /// <summary>Reads the answers for one arm.</summary>
    /// <param name="kind">What they are for.</param>
    /// <param name="answer">The answer to the query.</param>
    /// <param name="total">The answer to the query for the total; null unless counts are asked for.</param>
    /// <param name="fault">Why they are of no use; null when they are.</param>
    public static CustomValues? Read(CustomKind kind, MetricAnswer answer, MetricAnswer? total, out string? fault)
    {
        switch (kind)
        {
            case CustomKind.Distribution:
                return Buckets(answer, out fault);
            case CustomKind.Counts:
                if (Whole(answer, "query", out fault) is not { } events || Whole(total!, "totalQuery", out fault) is not { } all)
                    return null;
                if (events > all)
                {
                    fault = Say($"it has {events} events of a total of {all}, which cannot be: query and totalQuery have to count the same thing");
                    return null;
                }

                return new CustomValues { Events = events, Total = all };
            default:
                return Single(answer, "query", out fault) is { } value ? new CustomValues { Value = value } : null;
        }
    }

    /// <summary>An answer in a few words.</summary>
    public static string Tell(MetricAnswer answer) => answer switch
    {
        MetricAnswer.Values { Found: [var one] } => one.Value.ToString("R", CultureInfo.InvariantCulture),
        MetricAnswer.Values several => Say($"{several.Found.Length} series"),
        MetricAnswer.Nothing nothing => $"nothing: {nothing.Reason}",
        MetricAnswer.Fault failure => $"no answer: {failure.Reason}",
        _ => "no answer",
    };

    /// <summary>Why an answer has no numbers; null when it has.</summary>
    public static string? Absence(MetricAnswer answer) => answer switch
    {
        MetricAnswer.Values { Found.IsDefaultOrEmpty: false } => null,
        MetricAnswer.Nothing nothing => nothing.Reason,
        MetricAnswer.Fault failure => failure.Reason,
        _ => "the provider answered without a number",
    };

    private static double? Single(MetricAnswer answer, string what, out string? fault)
    {
        fault = Absence(answer);
        if (fault is not null)
            return null;
        var found = ((MetricAnswer.Values)answer).Found;
        if (found.Length > 1)
            fault = Say($"the {what} gives {found.Length} series, and it has to give one: sum them up in it");
        else if (!double.IsFinite(found[0].Value))
            fault = $"the {what} gives a number that is not finite";
        return fault is null ? found[0].Value : null;
    }

    // Sources that extrapolate give parts of an event; the nearest whole one is what was counted.
    private static long? Whole(MetricAnswer answer, string what, out string? fault)
    {
        if (Single(answer, what, out fault) is not { } value)
            return null;
        if (value is >= 0 and <= Most)
            return (long)Math.Round(value, MidpointRounding.AwayFromZero);
        fault = Say($"the {what} gives {value:R}, and counts are from 0 to 10^12");
        return null;
    }

    private static CustomValues? Buckets(MetricAnswer answer, out string? fault)
    {
        fault = Absence(answer);
        if (fault is not null)
            return null;
        var buckets = new SortedDictionary<double, double>();
        foreach (var series in ((MetricAnswer.Values)answer).Found)
        {
            if (!series.Labels.TryGetValue("le", out var le) || !TryBoundary(le, out var boundary))
                fault = "a series of the query has no label le with a boundary: sum by (le)";
            else if (!buckets.TryAdd(boundary, series.Value))
                fault = $"the query gives le=\"{le}\" twice: sum by (le)";
            else if (series.Value is not (>= 0 and <= Most))
                fault = Say($"the bucket le=\"{le}\" holds {series.Value:R}, and counts are from 0 to 10^12");
            if (fault is not null)
                return null;
        }

        if (buckets.Count < 2 || !double.IsPositiveInfinity(buckets.Keys.Last()))
        {
            fault = "the query gives no bucket le=\"+Inf\" beside another one: ask for all buckets of the histogram";
            return null;
        }

        var cumulative = new long[buckets.Count];
        var (place, highest, all) = (0, 0.0, buckets.Values.Last());
        foreach (var value in buckets.Values)
        {
            if (value < highest - (Slack * all) - 1)
            {
                fault = "a bucket holds less than the one below it: buckets have to be cumulative";
                return null;
            }

            highest = Math.Max(highest, value);
            cumulative[place++] = (long)Math.Round(highest, MidpointRounding.AwayFromZero);
        }

        return new CustomValues { Boundaries = [.. buckets.Keys.SkipLast(1)], Cumulative = [.. cumulative] };
    }

    private static bool TryBoundary(string text, out double boundary)
    {
        boundary = double.PositiveInfinity;
        return text is "+Inf" or "Inf" or "inf" or "+inf" || (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out boundary) && double.IsFinite(boundary));
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
