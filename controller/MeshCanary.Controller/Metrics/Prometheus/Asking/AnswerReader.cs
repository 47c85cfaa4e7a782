using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using MeshCanary.Controller.Metrics.Providers;

namespace MeshCanary.Controller.Metrics.Prometheus.Asking;

/// <summary>Reads the JSON of <c>/api/v1/query</c>. Whatever is not as documented is a fault: nothing is guessed.</summary>
internal static class AnswerReader
{
    /// <summary>Reads an answer of status 200.</summary>
    public static PrometheusAnswer Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(document.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            return PrometheusAnswer.Failed(FaultKind.WrongShape, $"its answer is not what the API of Prometheus is documented to give: {fault.Message.TrimEnd('.')}");
        }
    }

    /// <summary>The error that an answer of another status tells; null when it tells none.</summary>
    public static (string Type, string Text)? Error(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("error", out var text) && text.ValueKind == JsonValueKind.String
                ? (document.RootElement.TryGetProperty("errorType", out var type) ? type.ToString() : "", Short(text.GetString()!))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static PrometheusAnswer Read(JsonElement root)
    {
        if (root.GetProperty("status").GetString() != "success")
            return PrometheusAnswer.Failed(FaultKind.WrongShape, "it answered 200 without success");
        // What a warning is about may be missing from the data, of one version and not of the other.
        if (root.TryGetProperty("warnings", out var warnings) && warnings.ValueKind == JsonValueKind.Array && warnings.GetArrayLength() > 0)
            return PrometheusAnswer.Failed(FaultKind.WrongShape, $"it warns that its answer may be incomplete: {Short(string.Join("; ", warnings.EnumerateArray().Select(warning => warning.ToString())))}");
        var data = root.GetProperty("data");
        var result = data.GetProperty("result");
        return data.GetProperty("resultType").GetString() switch
        {
            "matrix" => PrometheusAnswer.Of([.. result.EnumerateArray().Select(series => Series(series, "values", "histograms", many: true))]),
            "vector" => PrometheusAnswer.Of([.. result.EnumerateArray().Select(series => Series(series, "value", "histogram", many: false))]),
            "scalar" => PrometheusAnswer.Of([new PrometheusSeries(new Dictionary<string, string>(), [Sample(result)], [])]),
            var other => PrometheusAnswer.Failed(FaultKind.WrongShape, $"the query gives a {other}, not numbers"),
        };
    }

    private static PrometheusSeries Series(JsonElement series, string numbers, string histograms, bool many)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in series.GetProperty("metric").EnumerateObject())
            labels[label.Name] = label.Value.GetString() ?? "";
        return new PrometheusSeries(
            labels,
            [.. Items(series, numbers, many).Select(Sample).OrderBy(sample => sample.At)],
            [.. Items(series, histograms, many).Select(Histogram).OrderBy(histogram => histogram.At)]);
    }

    private static JsonElement[] Items(JsonElement series, string name, bool many) =>
        !series.TryGetProperty(name, out var found) ? [] : many ? [.. found.EnumerateArray()] : [found];

    private static PrometheusSample Sample(JsonElement pair) => new(At(pair), Number(pair[1]));

    private static PrometheusHistogram Histogram(JsonElement pair)
    {
        var histogram = pair[1];
        // A bucket is [how its bounds are closed, lower, upper, count].
        ImmutableArray<PrometheusBucket> buckets = histogram.TryGetProperty("buckets", out var found)
            ? [.. found.EnumerateArray().Select(bucket => new PrometheusBucket(Number(bucket[1]), Number(bucket[2]), Number(bucket[3]))).OrderBy(bucket => bucket.High)]
            : [];
        return new PrometheusHistogram(At(pair), Number(histogram.GetProperty("count")), buckets);
    }

    private static long At(JsonElement pair) => checked((long)Math.Round(pair[0].GetDouble() * 1000));

    private static double Number(JsonElement text) => text.GetString() switch
    {
        "NaN" => double.NaN,
        "+Inf" or "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        var number => double.Parse(number!, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private static string Short(string text) => text.Length <= 300 ? text.TrimEnd('.') : $"{text[..300]}…";
}
