namespace MeshCanary.Analysis.Simulator.Procedures;

/// <summary>
/// Absolute limits on the canary alone, as in Flagger: each minute at least 99 % of requests succeed and the 99th percentile
/// is at most 500 ms (in whole milliseconds). Failed checks add up and are never forgiven; the fifth rolls back. Five passed
/// checks promote and end it, unless it is told to go on.
/// </summary>
/// <param name="goesOn">Whether checks go on after the fifth that passed, with the failures so far.</param>
internal sealed class FixedThreshold(bool goesOn) : IProcedure
{
    private const double SuccessRate = 0.99;
    private const double Milliseconds = 500;
    private const int Checks = 5;

    private int _failed;
    private int _passed;

    public Outcome Outcome { get; private set; } = Outcome.None;

    public void Observe(RunView view)
    {
        if (!view.IsMinuteEnd || Outcome.IsRolledBack || (Outcome.IsPromoted && !goesOn))
            return;
        var point = view.CanaryMinutes[^1];

        // No data is a failed check: a comparison with not-a-number is false.
        if (1 - point.ErrorRate >= SuccessRate && Math.Floor(point.P99) <= Milliseconds)
            _passed++;
        else
            _failed++;
        if (_failed == Checks)
            Outcome = Outcome with { RolledBack = view.Minute };
        else if (_passed == Checks && !Outcome.IsPromoted)
            Outcome = Outcome with { Promoted = view.Minute };
    }
}
