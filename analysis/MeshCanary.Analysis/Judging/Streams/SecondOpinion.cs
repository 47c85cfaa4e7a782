using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Streams;

/// <summary>
/// A second opinion on one metric: the symmetry e-process on differences of whole minutes, p_c − (a + (1+r)·p_b) with the
/// tolerances of FAIL. It holds however requests of one minute cling together, where the arms are of one size (equal arms that do not
/// differ are exchangeable; a tolerance only lowers the difference, and e rises with it). Minutes in which the arms' sizes
/// differ by more than a fifth are not taken.
/// </summary>
internal sealed class SecondOpinion
{
    private const double LargestDifference = 0.2;

    private readonly SymmetryEProcess _symmetry = new();
    private readonly Margin _margin;
    private Tally _canary;
    private Tally _stable;
    private TimeSpan _open;
    private bool _isComparable;

    public SecondOpinion(Margin margin) => _margin = margin;

    /// <summary>ln E now; null while there is no minute to compare, or the arms' sizes differ.</summary>
    public double? LogEvidence => _isComparable && _symmetry.Blocks > 0 ? _symmetry.LogEvidence : null;

    /// <summary>Takes an interval.</summary>
    public void Observe(Tally canary, Tally stable, TimeSpan length)
    {
        _canary += canary;
        _stable += stable;
        _open += length;

        // A minute is full when less than half an interval is missing.
        if (_open + (length / 2) < TimeSpan.FromMinutes(1))
            return;
        double larger = Math.Max(_canary.Requests, _stable.Requests), smaller = Math.Min(_canary.Requests, _stable.Requests);
        _isComparable = smaller > 0 && larger - smaller <= LargestDifference * larger;
        if (_isComparable)
            _symmetry.Observe(((double)_canary.Events / _canary.Requests) - _margin.Boundary((double)_stable.Events / _stable.Requests));
        (_canary, _stable, _open) = (default, default, TimeSpan.Zero);
    }

    public SecondOpinionState Save() => new()
    {
        Symmetry = _symmetry.Save(),
        CanaryRequests = _canary.Requests,
        CanaryEvents = _canary.Events,
        StableRequests = _stable.Requests,
        StableEvents = _stable.Events,
        OpenTicks = _open.Ticks,
        IsComparable = _isComparable,
    };

    public void Restore(SecondOpinionState state)
    {
        _symmetry.Restore(state.Symmetry);
        (_canary, _stable) = (new Tally(state.CanaryRequests, state.CanaryEvents), new Tally(state.StableRequests, state.StableEvents));
        (_open, _isComparable) = (TimeSpan.FromTicks(state.OpenTicks), state.IsComparable);
    }
}
