using MeshCanary.Analysis.Simulator.Running;
using MeshCanary.Analysis.Simulator.Scenarios;

namespace MeshCanary.Analysis.Simulator.Tables;

/// <summary>All tables of one seed.</summary>
internal sealed class TableSet(SimulationOptions options)
{
    private static readonly Column[] Ours = [Columns.Strict, Columns.Default];

    private static readonly Column[] Others =
    [
        Columns.StrictUncalibrated, Columns.PeekedZ, Columns.FinalZ, Columns.Mixture, Columns.Threshold, Columns.LongThreshold, Columns.RanksOnce, Columns.RanksPerFive, Columns.RanksPerMinute,
    ];

    private static readonly Column[] Detecting =
    [
        Columns.Strict, Columns.Default, Columns.PeekedZ, Columns.Mixture, Columns.LongThreshold, Columns.RanksPerFive, Columns.RanksPerMinute,
    ];

    private static readonly Column[] Promoting = [Columns.Default, Columns.ErrorsOnly];

    private readonly RowRunner _runner = new(options.Seed, options.Threads, new HistoryLibrary(options.Seed, options.HistoryDays, options.Threads));

    /// <summary>Runs everything, writes the tables as they come, and says whether every target is met.</summary>
    public bool Write(TextWriter output)
    {
        output.WriteLine(
            $"{Clock.RunMinutes} min rollouts of {Clock.IntervalSeconds} s intervals; seed {options.Seed}; runs per row: {options.Runs} in table 1a, "
            + $"{options.OtherRuns} in the others; {options.HistoryDays} days of history per background.");
        var healthy = Run(Rows.Healthy, Ours, options.Runs, Others, options.OtherRuns);
        TableText.Write(output, "1a. Healthy canary: % rolled back within 60 min ± s.e., and % held at the end; this engine, calibrated", healthy,
            [.. Cells(Ours, TableText.Rollback), ("held, strict", Columns.Strict, TableText.Held), ("held, default", Columns.Default, TableText.Held)]);
        TableText.Write(output, "1b. The first of the same runs, this engine told that requests are independent, and other procedures: % rolled back ± s.e.",
            healthy, Cells(Others, TableText.Rollback));
        var regressed = Run(Rows.Regressed, Detecting, options.OtherRuns);
        TableText.Write(output, "2a. Worse canary: % rolled back within 60 min / median minute", regressed, Cells(Detecting, TableText.Detection));
        TableText.Write(output, "2b. Minute by which 10, 50, 90 % of the detections were made", regressed, [("strict", Columns.Strict, TableText.Spread), ("default", Columns.Default, TableText.Spread)]);
        var promotable = Run(Rows.Promotable, Promoting, options.OtherRuns);
        TableText.Write(output, "3. Promotion: % promoted before a rollback ± s.e., median minute, % rolled back", promotable,
        [
            ("default", Columns.Default, TableText.Promotion),
            ("minute", Columns.Default, TableText.PromotionMinute),
            ("rolled back", Columns.Default, TableText.Rollback),
            ("errors only", Columns.ErrorsOnly, TableText.Promotion),
            ("minute", Columns.ErrorsOnly, TableText.PromotionMinute),
            ("rolled back", Columns.ErrorsOnly, TableText.Rollback),
        ]);
        return WriteTargets(output, [.. healthy, .. regressed, .. promotable]);
    }

    private static bool WriteTargets(TextWriter output, IReadOnlyList<RowResult> rows)
    {
        output.WriteLine();
        output.WriteLine("4. Acceptance targets");
        var areMet = true;
        foreach (var target in Target.All)
        {
            if (rows.FirstOrDefault(row => row.Scenario.Name == target.Row) is not { } row)
                continue;
            var tally = row.Columns[target.Column];
            output.WriteLine(target.Describe(tally));
            areMet &= target.IsMet(tally);
        }

        return areMet;
    }

    private static (string Title, Column Column, Func<Tally, string> Cell)[] Cells(Column[] columns, Func<Tally, string> cell) =>
        Array.ConvertAll(columns, column => (column.Title, column, cell));

    private List<RowResult> Run(IReadOnlyList<Scenario> scenarios, Column[] columns, int runs, Column[]? others = null, int otherRuns = 0) =>
    [
        .. from scenario in scenarios
           where scenario.Name.Contains(options.Rows, StringComparison.OrdinalIgnoreCase)
           select _runner.Run(scenario, columns, runs, others ?? [], otherRuns),
    ];
}
