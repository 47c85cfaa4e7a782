using System.Collections.Immutable;
using MeshCanary.Analysis.Samples;

namespace MeshCanary.Analysis.Judging.Custom;

/// <summary>The custom metrics of a run, in the order of the settings.</summary>
internal sealed class CustomStreams
{
    private readonly CustomStream[] _all;
    private readonly CustomStream[] _weighed;

    /// <param name="settings">Settings without a problem.</param>
    public CustomStreams(AnalysisSettings settings)
    {
        _all = [.. settings.Metrics.Select(metric => Make(metric, settings))];
        _weighed = [.. _all.Where(stream => stream.Metric.Kind != CustomKind.Guard)];
    }

    /// <summary>Those with FAIL evidence.</summary>
    public ReadOnlySpan<CustomStream> Weighed => _weighed;

    /// <summary>Whether there is none at all.</summary>
    public bool IsEmpty => _all.Length == 0;

    /// <summary>Guards that are broken.</summary>
    public ImmutableArray<CustomBreach> Breaches => [.. _all.Select(stream => stream.Breach).OfType<CustomBreach>()];

    /// <summary>Takes what was answered; answers to metrics that are not of this run are left out.</summary>
    public void Take(IntervalSample sample)
    {
        foreach (var reading in sample.Custom ?? [])
            Array.Find(_all, stream => stream.Metric.Name == reading.Metric)?.Take(reading);
    }

    /// <summary>What each shows.</summary>
    /// <param name="end">End of the newest interval.</param>
    /// <param name="weights">Parts of the FAIL evidence of those that have any.</param>
    /// <param name="adjusted">Their FAIL evidence after closure.</param>
    public ImmutableArray<CustomEvidence> Describe(DateTimeOffset? end, ReadOnlySpan<double> weights, ReadOnlySpan<double> adjusted)
    {
        var shown = ImmutableArray.CreateBuilder<CustomEvidence>(_all.Length);
        foreach (var stream in _all)
        {
            var place = Array.IndexOf(_weighed, stream);
            shown.Add(place < 0 ? stream.Describe(end, 0, 0) : stream.Describe(end, weights[place], adjusted[place]));
        }

        return shown.MoveToImmutable();
    }

    public ImmutableArray<CustomState> Save() => [.. _all.Select(stream => stream.Save())];

    /// <exception cref="ArgumentException">The state belongs to other settings.</exception>
    public void Restore(ImmutableArray<CustomState>? state)
    {
        var saved = state ?? [];
        if (saved.IsDefault || saved.Length != _all.Length)
            throw new ArgumentException("The saved state does not hold the custom metrics of the settings: it belongs to other settings.", nameof(state));
        for (var place = 0; place < saved.Length; place++)
            _all[place].Restore(saved[place]);
    }

    private static CustomStream Make(CustomMetric metric, AnalysisSettings settings) => metric.Kind switch
    {
        CustomKind.Guard => new GuardStream(metric, settings),
        CustomKind.Comparison => new ComparisonStream(metric, settings),
        CustomKind.Counts => new CountStream(metric, settings),
        _ => new DistributionStream(metric, settings),
    };
}
