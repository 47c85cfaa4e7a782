using System.Collections.Immutable;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>
/// Pairs the series of both arms by metric and tags, as Kayenta's metric set mixer does. Pure and thread-safe.
/// </summary>
/// <remarks>
/// Where only one arm has a series without tags, that arm's first series is a template: each tagged series of the other
/// arm is paired with gaps only. Otherwise every set of tags that occurs is a pair, and a missing side is filled from that
/// arm's template. A series that is shorter than its window is padded with NaN; one that is longer stays as it is. Of two
/// series with the same name and tags the first is taken.
/// </remarks>
public static class KayentaPairing
{
    private static readonly EqualityComparer<ImmutableSortedDictionary<string, string>> ByContent = EqualityComparer<ImmutableSortedDictionary<string, string>>.Create(
        static (left, right) => left!.SequenceEqual(right!),
        static tags => tags.Aggregate(tags.Count, static (hash, tag) => HashCode.Combine(hash, tag.Key, tag.Value)));

    /// <summary>Pairs for every metric of a configuration. What is wrong with the data is a problem, not an exception.</summary>
    public static KayentaAssembly Pair(KayentaConfig config, IReadOnlyCollection<KayentaSeries> controls, IReadOnlyCollection<KayentaSeries> experiments)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(controls);
        ArgumentNullException.ThrowIfNull(experiments);
        var pairs = ImmutableArray.CreateBuilder<KayentaPair>();
        foreach (var metric in config.Metrics)
        {
            var control = controls.Where(series => series.Name == metric.Name).ToArray();
            var experiment = experiments.Where(series => series.Name == metric.Name).ToArray();
            if (Problem(metric.Name, control, experiment) is { } problem)
                return new KayentaAssembly([], problem);
            pairs.AddRange(Pairs(control, experiment));
        }

        return new KayentaAssembly(pairs.ToImmutable(), null);
    }

    private static string? Problem(string metric, KayentaSeries[] control, KayentaSeries[] experiment)
    {
        if (control.Length == 0)
            return $"The baseline has no series of {metric}, not even an empty one.";
        if (experiment.Length == 0)
            return $"The canary has no series of {metric}, not even an empty one.";
        var (left, right) = (Keys(control), Keys(experiment));
        return left.Count > 0 && right.Count > 0 && !left.SetEquals(right)
            ? $"The series of {metric} are tagged by {string.Join(", ", left)} in the baseline and by {string.Join(", ", right)} in the canary."
            : null;
    }

    private static SortedSet<string> Keys(KayentaSeries[] series) => new(series.SelectMany(one => one.Tags.Keys), StringComparer.Ordinal);

    private static IEnumerable<KayentaPair> Pairs(KayentaSeries[] control, KayentaSeries[] experiment)
    {
        var hasPlainControl = control.Any(series => series.Tags.IsEmpty);
        var hasPlainExperiment = experiment.Any(series => series.Tags.IsEmpty);
        if (hasPlainControl && !hasPlainExperiment)
            return experiment.Select(series => Pair(series.Tags, Template(control[0]), Padded(series), series.Name));
        if (hasPlainExperiment && !hasPlainControl)
            return control.Select(series => Pair(series.Tags, Padded(series), Template(experiment[0]), series.Name));
        return control.Concat(experiment).Select(series => series.Tags).Distinct(ByContent)
            .Select(tags => Pair(tags, Side(control, tags), Side(experiment, tags), control[0].Name));
    }

    private static KayentaPair Pair(ImmutableSortedDictionary<string, string> tags, ImmutableArray<double> control, ImmutableArray<double> experiment, string name) =>
        new(name, tags, control, experiment);

    private static ImmutableArray<double> Side(KayentaSeries[] arm, ImmutableSortedDictionary<string, string> tags) =>
        arm.FirstOrDefault(series => ByContent.Equals(series.Tags, tags)) is { } series ? Padded(series) : Template(arm[0]);

    private static ImmutableArray<double> Template(KayentaSeries series) => [.. Enumerable.Repeat(double.NaN, series.ExpectedPoints)];

    private static ImmutableArray<double> Padded(KayentaSeries series)
    {
        var values = series.Values.IsDefault ? [] : series.Values;
        return [.. values, .. Enumerable.Repeat(double.NaN, Math.Max(0, series.ExpectedPoints - values.Length))];
    }
}
