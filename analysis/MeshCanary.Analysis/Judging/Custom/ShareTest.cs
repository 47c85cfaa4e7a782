using MeshCanary.Analysis.Display;
using MeshCanary.Analysis.Judging.Streams;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Custom;

/// <summary>The two tests on a share of bad events, as for errors and latency: FAIL beyond the tolerance, PASS below harm.</summary>
internal sealed class ShareTest(Margin tolerance, Margin harm, double overdispersion, int planned)
{
    private readonly EvidenceProcess _fail = new(Claim.Regression, tolerance, new StartPrior(ComparedMetric.FirstStart, planned));
    private readonly EvidenceProcess _pass = new(Claim.Harmless, harm, StartPrior.AtOnce);
    private readonly StableRate _rate = new();
    private readonly DifferenceSequence _difference = new();
    private Tally _canary;
    private Tally _learned;

    /// <summary>ln of the FAIL e-process now.</summary>
    public double FailEvidence => _fail.LogEvidence;

    /// <summary>ln of the PASS e-process at its highest.</summary>
    public double PassEvidence => _pass.Highest;

    /// <summary>What was tested of the canary.</summary>
    public Tally Canary => _canary;

    /// <summary>What was tested of stable.</summary>
    public Tally Stable => new(_rate.Requests, _rate.Events);

    /// <summary>Takes stable's counts of before the test: the rate is guessed by them.</summary>
    public void Learn(Tally stable)
    {
        _learned += stable;
        Place();
    }

    /// <summary>Takes counts; those beyond tolerance and beyond harm may be others than those that are shown.</summary>
    public void Observe(Tally shown, Tally beyondTolerance, Tally beyondHarm, Tally stable)
    {
        var rate = _rate.Value;
        _fail.Observe(MetricStream.Block(beyondTolerance, stable), rate, overdispersion);
        _pass.Observe(MetricStream.Block(beyondHarm, stable), rate, overdispersion);
        _difference.Add(MetricStream.Block(shown, stable), overdispersion);
        _rate.Add(stable.Requests, stable.Events);
        _canary += shown;
    }

    /// <summary>The difference of the shares with its interval.</summary>
    public DifferenceInterval Difference(double alpha) => _difference.Interval(alpha);

    /// <summary>Moves the PASS margin before the first block.</summary>
    public void PlaceHarm(Margin margin) => _pass.Margin = margin;

    public ShareState Save() => new(_canary.Requests, _canary.Events, _rate.Requests, _rate.Events, _fail.Save(), _pass.Save(), _difference.Save())
    {
        LearnedTotal = _learned.Requests,
        LearnedEvents = _learned.Events,
    };

    public void Restore(ShareState state)
    {
        _canary = new Tally(state.CanaryTotal, state.CanaryEvents);
        _learned = new Tally(state.LearnedTotal, state.LearnedEvents);
        (_rate.Requests, _rate.Events) = (state.StableTotal, state.StableEvents);
        Place();
        _fail.Restore(state.Fail);
        _pass.Restore(state.Pass);
        _difference.Restore(state.Difference);
    }

    private void Place() => _rate.Prior = _learned.Requests == 0 ? 0.5 : Math.Clamp((_learned.Events + 1.0) / (_learned.Requests + 2), 1e-4, 1 - 1e-4);
}
