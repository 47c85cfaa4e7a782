using MeshCanary.Analysis.Simulator.Scenarios;

namespace MeshCanary.Analysis.Simulator.Procedures;

/// <summary>
/// Kayenta's judgement on error rate, p50 and p99 as points of one minute, in a window that grows: one group, pass at 95,
/// marginal at 75, direction "increase". One High of three metrics scores 67, so each look that finds one rolls back; no
/// correction is made for the number of looks.
/// </summary>
/// <param name="first">Minute of the first look.</param>
/// <param name="every">Minutes from look to look.</param>
internal sealed class RepeatedRanks(int first, int every) : IProcedure
{
    private readonly RankShift _shift = new();
    private readonly double[] _canary = new double[Clock.RunMinutes];
    private readonly double[] _other = new double[Clock.RunMinutes];

    public Outcome Outcome { get; private set; } = Outcome.None;

    public void Observe(RunView view)
    {
        var minutes = view.CanaryMinutes.Count;
        if (!view.IsMinuteEnd || Outcome.IsRolledBack)
            return;
        var isDue = (minutes >= first && (minutes - first) % every == 0) || view.IsLast;
        if (isDue && (IsHigh(view, point => point.ErrorRate) || IsHigh(view, point => point.P50) || IsHigh(view, point => point.P99)))
            Outcome = Outcome with { RolledBack = view.Minute };
        else if (view.IsLast)
            Outcome = Outcome with { Promoted = view.Minute };
    }

    private bool IsHigh(RunView view, Func<MinutePoint, double> metric) => _shift.IsHigh(
        _canary.AsSpan(0, Collect(view.CanaryMinutes, metric, _canary)), _other.AsSpan(0, Collect(view.OtherMinutes, metric, _other)));

    /// <summary>The points that are numbers: missing ones are removed.</summary>
    private static int Collect(List<MinutePoint> minutes, Func<MinutePoint, double> metric, double[] values)
    {
        var count = 0;
        foreach (var minute in minutes)
        {
            if (metric(minute) is var value && !double.IsNaN(value))
                values[count++] = value;
        }

        return count;
    }
}
