using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Simulator.Procedures;
using MeshCanary.Analysis.Simulator.Sampling;
using MeshCanary.Analysis.Simulator.Scenarios;

namespace MeshCanary.Analysis.Simulator.Running;

/// <summary>
/// Runs a scenario many times with every procedure on the same requests. Each run has a generator of its own, seeded by row and
/// number, and a place of its own in the result: how many threads share the work does not show.
/// </summary>
internal sealed class RowRunner(long master, int threads, HistoryLibrary histories)
{
    /// <summary>What the columns that apply to the scenario did in so many runs.</summary>
    public RowResult Run(Scenario scenario, IReadOnlyList<Column> columns, int runs) => Run(scenario, columns, runs, [], 0);

    /// <summary>The same, and what other columns did in the first of those runs.</summary>
    public RowResult Run(Scenario scenario, IReadOnlyList<Column> columns, int runs, IReadOnlyList<Column> others, int otherRuns)
    {
        var background = scenario.Background;
        var isEqual = background.CanaryPerSecond == background.StablePerSecond;
        var own = columns.Where(column => isEqual || !column.NeedsEqualArms).ToArray();
        Column[] all = [.. own, .. others.Where(column => isEqual || !column.NeedsEqualArms)];
        var calibrations = histories.Of(background);
        var outcomes = new Outcome[runs][];
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = threads }, run => outcomes[run] =
            RunOnce(scenario, run < otherRuns ? all : own, calibrations[run % calibrations.Count], SeededStream.For(master, scenario.Name, run)));
        return new RowResult(scenario, Enumerable.Range(0, all.Length).ToDictionary(
            place => all[place],
            place => new Tally([.. outcomes.Take(place < own.Length ? runs : otherRuns).Select(run => run[place])], scenario.Regression.FromMinute)));
    }

    private static Outcome[] RunOnce(Scenario scenario, Column[] columns, CalibrationProfile calibration, SeededStream random)
    {
        var procedures = Array.ConvertAll(columns, column => column.Create(scenario, calibration));
        var rollout = new Rollout(scenario, random);
        var view = new RunView(scenario.ExcludedMinutes, Array.Exists(columns, column => column.WantsMinutes));
        while (rollout.Interval < Clock.RunIntervals && !Array.TrueForAll(procedures, procedure => procedure.Outcome.IsRolledBack))
        {
            view.Add(rollout.Interval, rollout.Next());
            foreach (var procedure in procedures)
                procedure.Observe(view);
        }

        return Array.ConvertAll(procedures, procedure => procedure.Outcome);
    }
}
