using System.Globalization;
using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Controller.Metrics.Templates;

namespace MeshCanary.Cli.Rendering;

/// <summary>Custom metrics in figures.</summary>
internal static class CustomFigures
{
    /// <summary>Canary minus stable, or a guard's value.</summary>
    public static string Difference(CustomEvidence metric)
    {
        if (metric.Kind == CustomKind.Guard)
            return metric.Canary is { } value ? Say($"value {value:G6}") : Figures.None;
        if (metric.Difference is not { } difference)
            return Figures.None;
        return metric.Kind == CustomKind.Comparison
            ? Say($"{difference:+0.####;-0.####;0} in its own unit")
            : Say($"{difference * 100:+0.00;-0.00;0.00} ({metric.DifferenceLow * 100:+0.00;-0.00;0.00} to {metric.DifferenceHigh * 100:+0.00;-0.00;0.00})");
    }

    /// <summary>A broken guard.</summary>
    public static string Breach(CustomBreach breach) =>
        Say($"{breach.Metric} of {breach.Arm} {breach.Observed:G6}, limit {breach.Limit:G6}");

    /// <summary>What was asked last about a metric, line by line.</summary>
    public static IEnumerable<string> Asked(AskedSpan span)
    {
        yield return Say($"{span.Metric}, {span.From:HH:mm:ss} to {span.To:HH:mm:ss} UTC: {span.Absence ?? "answered"}");
        foreach (var question in span.Questions)
            yield return $"  {question.Arm}: {question.Query} = {question.Answer}";
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
