using System.Globalization;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging;

/// <summary>
/// Whether traffic is drawn in the configured shares. Every canary weight has a Dirichlet-multinomial e-process of its
/// own; the j-th new weight gets 1/(j(j+1)) of the whole, so their sum is an e-process however often weights change, and
/// a fault keeps its evidence through later weights. At weights 0 and 10000 one draw for the other arm is a fault.
/// </summary>
internal sealed class SampleRatioTest
{
    /// <summary>Prior requests the expected share is worth: near faults are seen after a few hundred draws.</summary>
    private const double Concentration = 100;

    private const int Whole = 10_000;

    private readonly List<Draws> _weights = [];
    private readonly double _threshold;

    public SampleRatioTest(double alpha) => _threshold = -Math.Log(alpha);

    /// <summary>ln E now.</summary>
    public double LogEvidence { get; private set; }

    /// <summary>The fault in words once the split is proven broken, then for good.</summary>
    public string? Fault { get; private set; }

    /// <summary>Takes the draws of an interval; the order of the list does not matter.</summary>
    public void Observe(IReadOnlyList<DrawCounts> draws)
    {
        if (draws.Count == 0)
            return;

        // New weights take their places by size, so that the order within one interval does not matter.
        for (var last = -1; NextNew(draws, last) is { } weight; last = weight)
            _weights.Add(new Draws(weight));
        for (var i = 0; i < draws.Count; i++)
            Add(draws[i]);
        Refresh();
    }

    public SampleRatioState Save() => new()
    {
        Draws = [.. _weights.Select(draws => new DrawCounts(draws.Weight, draws.Stable, draws.Canary))],
        Fault = Fault,
    };

    public void Restore(SampleRatioState state)
    {
        foreach (var draws in state.Draws)
        {
            _weights.Add(new Draws(draws.CanaryWeight));
            Add(draws);
        }

        Refresh();
        Fault = state.Fault;
    }

    private int? NextNew(IReadOnlyList<DrawCounts> draws, int after)
    {
        int? next = null;
        for (var i = 0; i < draws.Count; i++)
        {
            var weight = draws[i].CanaryWeight;
            if (weight > after && !(weight >= next) && Find(weight) is null)
                next = weight;
        }

        return next;
    }

    private Draws? Find(int weight)
    {
        foreach (var draws in _weights)
        {
            if (draws.Weight == weight)
                return draws;
        }

        return null;
    }

    private void Add(DrawCounts counts)
    {
        var draws = Find(counts.CanaryWeight)!;
        draws.Stable += counts.Stable;
        draws.Canary += counts.Canary;
        if (draws.Weight is 0 or Whole)
        {
            var wrong = draws.Weight == 0 ? draws.Canary : draws.Stable;
            if (wrong > 0)
                Fault ??= string.Create(CultureInfo.InvariantCulture,
                    $"{wrong:N0} requests were drawn for {(draws.Weight == 0 ? "the canary at a configured canary share of 0 %" : "stable at a configured canary share of 100 %")}");
            return;
        }

        var share = draws.Weight / (double)Whole;
        draws.LogE = MultinomialEValue.Log(
            [draws.Canary, draws.Stable], [share, 1 - share], [Concentration * share, Concentration * (1 - share)]);
    }

    private void Refresh()
    {
        var sum = Math.Log(1.0 / (_weights.Count + 1));
        Draws? worst = null;
        for (var j = 0; j < _weights.Count; j++)
        {
            sum = LogMath.Add(sum, _weights[j].LogE - Math.Log((j + 1.0) * (j + 2)));
            if (worst is null || _weights[j].LogE > worst.LogE)
                worst = _weights[j];
        }

        LogEvidence = sum;
        if (sum >= _threshold && worst is not null)
            Fault ??= Describe(worst, sum);
    }

    private string Describe(Draws draws, double evidence)
    {
        var total = draws.Canary + draws.Stable;
        return string.Create(CultureInfo.InvariantCulture,
            $"{(double)draws.Canary / total:P2} of {total:N0} requests were drawn for the canary against a configured share of {draws.Weight / 100.0:0.##} % (evidence {evidence:0.0} of {_threshold:0.0} needed)");
    }

    private sealed class Draws(int weight)
    {
        public int Weight { get; } = weight;

        public long Stable { get; set; }

        public long Canary { get; set; }

        public double LogE { get; set; }
    }
}
