using MeshCanary.Analysis.Simulator.Running;
using MeshCanary.Analysis.Simulator.Tables;

namespace MeshCanary.Analysis.Tests.Simulation;

/// <summary>
/// The acceptance targets of the engine in short: the rows and seeds of `benchmarks/operating-characteristics.sh`, with
/// fewer runs. Bounds on shares fail an engine that is exactly at its limit with a probability below 0.1 %. Medians are
/// of so many runs that they stay on their side of the limit whatever the seed, unless more than 46 % of all runs lie beyond it.
/// </summary>
public sealed class AcceptanceTests
{
    private static readonly RowRunner Runner = new(master: 2026, threads: 2, new HistoryLibrary(master: 2026, days: 12, threads: 2));

    public static TheoryData<string> Rows => [.. Target.All.Where(target => target.Kind == TargetKind.RollbackShare).Select(target => target.Row).Distinct()];

    [Theory]
    [MemberData(nameof(Rows))]
    public void IdenticalVersions_WatchedForAnHour_AreRolledBackNoMoreOftenThanPromised(string row)
    {
        // 300 runs at 1 %: more than 10 have probability 0.03 %.
        var result = Run(row, 300, Columns.Strict, Columns.Default);
        Assert.InRange(result.Columns[Columns.Strict].RolledBack, 0, 10);
        Assert.InRange(result.Columns[Columns.Default].RolledBack, 0, 10);
    }

    [Theory]
    [InlineData("errors +1 pp", 1000)]
    [InlineData("errors +5 pp", 300)]
    [InlineData("latency +10 %", 1000)]
    [InlineData("p99 only +25 %", 1000)]
    [InlineData("errors +1 pp from min 20", 150)]
    public void Regression_AtFullTraffic_IsFoundInTime(string row, int runs)
    {
        var target = Target.All.Single(target => target.Row == row);
        var tally = Run(row, runs, Columns.Default).Columns[Columns.Default];
        Assert.Equal(runs, tally.RolledBack);
        Assert.InRange(tally.RollbackMinute(0.5), 0, target.Limit + 1e-9);
    }

    [Theory]
    [InlineData("harm: errors +.5 pp")]
    [InlineData("harm: latency x 1.189")]
    [InlineData("harm: errors, noise")]
    public void Canary_OnTheLineOfHarm_IsSeldomPromoted(string row)
    {
        // 300 runs at 5 %: more than 28 have probability 0.06 %.
        Assert.InRange(Run(row, 300, Columns.Default).Columns[Columns.Default].Promoted, 0, 28);
    }

    [Fact]
    public void HealthyCanary_AtFullTraffic_IsPromotedInTwoMinutes()
    {
        var tally = Run("healthy", 100, Columns.Default).Columns[Columns.Default];
        Assert.Equal(100, tally.Promoted);
        Assert.InRange(tally.PromotionMinute, 0, 2);
    }

    private static RowResult Run(string row, int runs, params Column[] columns) =>
        Runner.Run(Simulator.Tables.Rows.Healthy.Concat(Simulator.Tables.Rows.Regressed).Concat(Simulator.Tables.Rows.Promotable).Single(one => one.Name == row), columns, runs);
}
