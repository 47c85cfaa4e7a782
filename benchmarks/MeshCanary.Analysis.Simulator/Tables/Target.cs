using System.Globalization;
using MeshCanary.Analysis.Simulator.Running;

namespace MeshCanary.Analysis.Simulator.Tables;

/// <summary>An operating characteristic that the engine has to reach.</summary>
/// <param name="Row">Name of the scenario.</param>
/// <param name="Column">The engine's variant.</param>
/// <param name="Kind">What is limited.</param>
/// <param name="Limit">The limit: a share or minutes.</param>
internal sealed record Target(string Row, Column Column, TargetKind Kind, double Limit)
{
    /// <summary>Every target.</summary>
    public static IReadOnlyList<Target> All { get; } =
    [
        .. from row in new[]
           {
               "independent requests", "drift of both arms", "1 rps an arm", "10/90 split", "minute noise 30 %, 3 %", "correlated noise, AR .9", "3-way, both cold",
           }
           from column in new[] { Columns.Strict, Columns.Default }
           select new Target(row, column, TargetKind.RollbackShare, 0.01),
        new("errors +1 pp", Columns.Default, TargetKind.DetectionMinute, 1),
        new("errors +5 pp", Columns.Default, TargetKind.DetectionMinute, 20 / 60.0),
        new("latency +10 %", Columns.Default, TargetKind.DetectionMinute, 2.5),
        new("p99 only +25 %", Columns.Default, TargetKind.DetectionMinute, 1.5),
        new("errors +1 pp from min 20", Columns.Default, TargetKind.DetectionMinute, 22),
        new("harm: errors +.5 pp", Columns.Default, TargetKind.PromotionShare, 0.05),
        new("harm: errors +.5 pp", Columns.ErrorsOnly, TargetKind.PromotionShare, 0.05),
        new("harm: latency x 1.189", Columns.Default, TargetKind.PromotionShare, 0.05),
        new("healthy", Columns.Default, TargetKind.PromotionMinute, 2),
    ];

    /// <summary>Whether it is met, shares with two standard errors of what the limit itself would give.</summary>
    public bool IsMet(Tally tally) => Kind switch
    {
        TargetKind.RollbackShare => tally.RollbackShare <= Limit + (2 * tally.Error(Limit)),
        TargetKind.PromotionShare => tally.PromotionShare <= Limit + (2 * tally.Error(Limit)),
        TargetKind.DetectionMinute => tally.RolledBack == tally.Runs && tally.RollbackMinute(0.5) <= Limit + 1e-9,
        _ => tally.PromotionShare >= 0.99 && tally.PromotionMinute <= Limit + 1e-9,
    };

    /// <summary>What it demands and what was reached, in one line.</summary>
    public string Describe(Tally tally) => string.Create(CultureInfo.InvariantCulture, $"{(IsMet(tally) ? "met   " : "MISSED")} {Row,-27} {Column.Title,-12} ") + Kind switch
    {
        TargetKind.RollbackShare => string.Create(CultureInfo.InvariantCulture, $"rolled back {tally.RollbackShare:P2}, at most {Limit:P0} + 2 s.e."),
        TargetKind.PromotionShare => string.Create(CultureInfo.InvariantCulture, $"promoted {tally.PromotionShare:P2}, at most {Limit:P0} + 2 s.e."),
        TargetKind.DetectionMinute => string.Create(CultureInfo.InvariantCulture, $"{tally.RollbackShare:P1} detected, median {tally.RollbackMinute(0.5):F2} min, at most {Limit:F2}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{tally.PromotionShare:P1} promoted, median {tally.PromotionMinute:F2} min, at most {Limit:F2}"),
    };
}
