using System.Collections.Immutable;
using System.Globalization;
using MeshCanary.Controller.Metrics.Providers.Http;
using MeshCanary.Controller.Metrics.Providers.Reading;

namespace MeshCanary.Controller.Metrics.Providers.InfluxDb;

/// <summary>Reads annotated CSV, in which Flux answers: tables with the lines <c>#datatype</c>, <c>#group</c> and <c>#default</c> before their header.</summary>
internal static class AnnotatedCsv
{
    private static readonly ImmutableHashSet<string> Bounds = ["_start", "_stop", "_time", "_value"];
    private static readonly ImmutableHashSet<string> Numbers = ["double", "long", "unsignedLong"];

    /// <summary>The series of an answer: one for each table.</summary>
    /// <exception cref="NoAnswerException">It is not in that format, or tells an error.</exception>
    public static List<MetricSeries> Read(string csv)
    {
        var series = new Dictionary<string, MetricSeries>(StringComparer.Ordinal);
        var annotations = new Dictionary<string, string[]>(StringComparer.Ordinal);
        string[]? header = null;
        var block = 0;
        foreach (var record in CsvRecords.Of(csv))
        {
            if (record is [""])
            {
                (header, block) = (null, block + 1);
                annotations.Clear();
            }
            else if (record[0].StartsWith('#'))
            {
                if (header is not null)
                    block++;
                header = null;
                annotations[record[0]] = record;
            }
            else if (header is null)
                header = Header(record, annotations);
            else
                Row(record, header, annotations, block, series);
        }

        return [.. series.Values];
    }

    private static string[] Header(string[] record, Dictionary<string, string[]> annotations)
    {
        if (record.Contains("error"))
            return record;
        if (!annotations.ContainsKey("#datatype") || !annotations.ContainsKey("#group"))
            throw NoAnswerException.Shape("the answer is no annotated CSV, as InfluxDB documents for Flux. Check the address");
        if (!record.Contains("_value"))
            throw NoAnswerException.Shape($"a table of the answer has no column _value; it has {string.Join(", ", record.Where(name => name.Length > 0))}. Make the query give one, with rename() for example");
        return record;
    }

    private static void Row(string[] record, string[] header, Dictionary<string, string[]> annotations, int block, Dictionary<string, MetricSeries> series)
    {
        if (header.Contains("error"))
            throw NoAnswerException.Of(FaultKind.BadQuery, $"InfluxDB stopped the query: {Cell("error")}");
        if (record.Length != header.Length)
            throw NoAnswerException.Shape("a row of the answer has not the columns that it names");
        var grouped = header.Where((name, column) => name.Length > 0 && !Bounds.Contains(name) && annotations["#group"].ElementAtOrDefault(column) == "true");
        var key = $"{block} {Cell("result")} {Cell("table")}";
        var before = series.GetValueOrDefault(key) ?? new MetricSeries(grouped.ToImmutableDictionary(name => name, Cell, StringComparer.Ordinal), []);
        var type = annotations["#datatype"].ElementAtOrDefault(Array.IndexOf(header, "_value")) ?? "";
        if (!Numbers.Contains(type))
            throw NoAnswerException.Shape($"_value is of the type {type}. Make the query give a number, with toFloat() for example");
        series[key] = before with { Points = before.Points.Add(new MetricPoint(Time(Cell("_time")), Number(Cell("_value")))) };

        string Cell(string name)
        {
            var column = Array.IndexOf(header, name);
            var text = column < 0 ? "" : record.ElementAtOrDefault(column) ?? "";
            return text.Length > 0 || column < 0 || !annotations.TryGetValue("#default", out var defaults) ? text : defaults.ElementAtOrDefault(column) ?? "";
        }
    }

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    private static double? Number(string text) => text switch
    {
        "" => null,
        "NaN" => double.NaN,
        "+Inf" or "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw NoAnswerException.Shape($"_value is '{text}', which is no number"),
    };
}
