using System.Collections.Immutable;
using System.Globalization;
using MeshCanary.Controller.Metrics.Providers.Http;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Providers.Reading;

/// <summary>Makes one answer of the series that a provider gave. Gaps are no numbers; a NaN or an infinity is no answer at all.</summary>
internal static class SeriesReading
{
    /// <summary>Most series of an answer.</summary>
    public const int MostSeries = 1000;

    /// <summary>The answer that the series are to a question.</summary>
    /// <exception cref="NoAnswerException">There are too many, or a series has several numbers and nobody said which one is meant.</exception>
    public static MetricAnswer Answer(MetricQuestion question, IReadOnlyCollection<MetricSeries> series)
    {
        if (series.Count > MostSeries)
            throw NoAnswerException.Shape($"the answer has {series.Count} series; at most {MostSeries} are read. Aggregate in the query");
        var found = ImmutableArray.CreateBuilder<MetricValue>();
        var (hasPoints, hasGaps) = (false, false);
        foreach (var one in series)
        {
            hasPoints |= one.Points.Length > 0;
            var within = one.Points.Where(point => point.At is not { } at || (at >= question.From && at < question.To)).ToList();
            hasGaps |= within.Count > 0;
            var numbers = within.Where(point => point.Value is not null).OrderBy(point => point.At).ToList();
            if (numbers.Count == 0)
                continue;
            var value = Reduce(numbers, question.Provider.Reduce);
            // Were it left out, the rest would look like all there is.
            if (!double.IsFinite(value))
                return new MetricAnswer.Nothing($"{Name(one)} is {value.ToString(CultureInfo.InvariantCulture)}, which is no number. A ratio without traffic looks like this");
            found.Add(new MetricValue(one.Labels, value, numbers[^1].At));
        }

        if (found.Count > 0)
            return new MetricAnswer.Values(found.ToImmutable());
        return new MetricAnswer.Nothing(series.Count == 0 ? "the answer has no series"
            : hasGaps ? "the answer has gaps only"
            : hasPoints ? string.Create(CultureInfo.InvariantCulture, $"no point of the answer is between {question.From:u} and {question.To:u}")
            : "the answer has no points");
    }

    private static double Reduce(List<MetricPoint> points, PointReduction? reduction) => reduction switch
    {
        _ when points.Count == 1 => points[0].Value!.Value,
        PointReduction.Last => points[^1].Value!.Value,
        PointReduction.Average => points.Average(point => point.Value!.Value),
        PointReduction.Sum => points.Sum(point => point.Value!.Value),
        // Not Enumerable's: they order NaN, by which it could go unseen.
        PointReduction.Min => points.Select(point => point.Value!.Value).Aggregate(Math.Min),
        PointReduction.Max => points.Select(point => point.Value!.Value).Aggregate(Math.Max),
        _ => throw NoAnswerException.Shape($"a series of the answer has {points.Count} points, and it is not said which number they stand for. Make the query give one, or write reduce: last, average, sum, min or max"),
    };

    private static string Name(MetricSeries series) =>
        series.Labels.IsEmpty ? "the number" : $"the number of {string.Join(", ", series.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Take(5).Select(label => $"{label.Key}={label.Value}"))}";
}
