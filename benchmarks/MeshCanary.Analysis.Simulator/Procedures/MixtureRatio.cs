using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Simulator.Procedures;

/// <summary>
/// The mixture sequential probability ratio test (Johari, Koomen, Pekelis and Walsh) on errors every interval, at 1 %, with
/// its prior as wide as the default harm margin (τ = 0.005). It is two-sided; only a worse canary is rolled back. Its
/// formula is for equal arms: n is the mean of both, which for arms of one rate differ by chance only.
/// </summary>
internal sealed class MixtureRatio : IProcedure
{
    private const double TauSquared = 0.005 * 0.005;

    private static readonly double Threshold = Math.Log(100);

    private long _canary;
    private long _other;
    private long _canaryErrors;
    private long _otherErrors;

    public Outcome Outcome { get; private set; } = Outcome.None;

    public void Observe(RunView view)
    {
        if (view.IsWarmup || Outcome.IsRolledBack)
            return;
        _canary += view.Sample.Canary.Requests;
        _other += view.Other.Requests;
        _canaryErrors += view.Sample.Canary.Errors;
        _otherErrors += view.Other.Errors;
        var log = MixtureRatioTest.Log((_canary + _other) / 2, _canaryErrors, _otherErrors, TauSquared);
        if (_canaryErrors > _otherErrors && log >= Threshold)
            Outcome = Outcome with { RolledBack = view.Minute };
        else if (view.IsLast)
            Outcome = Outcome with { Promoted = view.Minute };
    }
}
