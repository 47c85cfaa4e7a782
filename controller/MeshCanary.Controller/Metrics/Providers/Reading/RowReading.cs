using System.Collections.Immutable;
using System.Text.Json;
using MeshCanary.Controller.Metrics.Providers.Http;

namespace MeshCanary.Controller.Metrics.Providers.Reading;

/// <summary>Makes series of rows that are objects: texts are labels, the one number is the value.</summary>
/// <param name="Field">Which number is meant; null for the only one.</param>
/// <param name="FieldSetting">Where the user says so, for messages.</param>
/// <param name="Ignored">Names that are neither.</param>
/// <param name="Time">The time of a row; null when it has none.</param>
internal sealed record RowReading(string? Field, string FieldSetting, ImmutableHashSet<string> Ignored, Func<JsonElement, DateTimeOffset?> Time)
{
    /// <summary>The series of an array of rows; rows with the same labels are points of one.</summary>
    public List<MetricSeries> Series(JsonElement rows)
    {
        var series = new Dictionary<string, MetricSeries>(StringComparer.Ordinal);
        foreach (var row in rows.EnumerateArray())
        {
            if (row.ValueKind != JsonValueKind.Object)
                throw NoAnswerException.Shape($"a row of the answer is {row.ValueKind.ToString().ToLowerInvariant()} where an object is documented");
            var labels = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            var numbers = new Dictionary<string, double?>(StringComparer.Ordinal);
            foreach (var property in row.EnumerateObject().Where(property => !Ignored.Contains(property.Name)))
                Take(property.Name, property.Value, labels, numbers);
            var key = string.Join('\u0000', labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}\u0001{label.Value}"));
            var before = series.GetValueOrDefault(key) ?? new MetricSeries(labels.ToImmutable(), []);
            series[key] = before with { Points = before.Points.Add(new MetricPoint(Time(row), Value(numbers))) };
        }

        return [.. series.Values];
    }

    private static void Take(string name, JsonElement value, ImmutableDictionary<string, string>.Builder labels, Dictionary<string, double?> numbers)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                labels[name] = value.GetString()!;
                break;
            case JsonValueKind.True or JsonValueKind.False:
                labels[name] = value.GetRawText();
                break;
            case JsonValueKind.Number or JsonValueKind.Null:
                numbers[name] = value.Number(name);
                break;
            case JsonValueKind.Object:
                // Such as the percentiles of an attribute, by percentage.
                foreach (var inner in value.EnumerateObject())
                    Take($"{name}.{inner.Name}", inner.Value, labels, numbers);
                break;
            default:
                labels[name] = string.Join(',', value.EnumerateArray().Select(item => item.ToString()));
                break;
        }
    }

    private double? Value(Dictionary<string, double?> numbers)
    {
        if (Field is not null)
        {
            return numbers.TryGetValue(Field, out var meant)
                ? meant
                : throw NoAnswerException.Shape($"a row of the answer has no number {Field}; it has {(numbers.Count == 0 ? "none" : string.Join(", ", numbers.Keys.Order(StringComparer.Ordinal)))}. Write one of them in {FieldSetting}");
        }

        return numbers.Count switch
        {
            1 => numbers.Values.Single(),
            0 => throw NoAnswerException.Shape("a row of the answer has no number. Make the query select one"),
            _ => throw NoAnswerException.Shape($"a row of the answer has several numbers: {string.Join(", ", numbers.Keys.Order(StringComparer.Ordinal))}. {(FieldSetting.Length == 0 ? "Make the query select one" : $"Write one of them in {FieldSetting}")}"),
        };
    }
}
