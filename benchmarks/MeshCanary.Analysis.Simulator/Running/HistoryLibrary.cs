using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Simulator.Sampling;
using MeshCanary.Analysis.Simulator.Scenarios;

namespace MeshCanary.Analysis.Simulator.Running;

/// <summary>
/// Days of stable against stable, from which judges are calibrated: 24 h of a background, its traffic split in two halves of
/// equal size. A number of independent days per background, so that the uncertainty of calibration is in the figures.
/// </summary>
internal sealed class HistoryLibrary(long master, int days, int threads)
{
    private const int Minutes = 24 * 60;

    private static readonly double[] Shares = [0.5, 0.9, 0.99];

    private readonly Dictionary<string, Overdispersion[]> _known = [];

    /// <summary>The calibrations of a background; run r uses number r modulo their count.</summary>
    public IReadOnlyList<Overdispersion> Of(Background background)
    {
        if (_known.TryGetValue(background.Name, out var known))
            return known;
        var made = new Overdispersion[days];
        Parallel.For(0, days, new ParallelOptions { MaxDegreeOfParallelism = threads }, day =>
            made[day] = Calibrate(background, SeededStream.For(master, "history of " + background.Name, day)));
        _known.Add(background.Name, made);
        return made;
    }

    private static Overdispersion Calibrate(Background background, Random random)
    {
        var scenario = new Scenario { Name = background.Name, Background = background };
        var halves = new[] { new ArmProcess(scenario, ArmRole.Stable, random), new ArmProcess(scenario, ArmRole.Stable, random) };
        var perSecond = (background.CanaryPerSecond + background.StablePerSecond) / 2;
        var (metrics, edges, phase) = (new[] { new BatchMeans(), new BatchMeans(), new BatchMeans(), new BatchMeans() }, new int[3], random.NextDouble());
        for (var minute = 0; minute < Minutes; minute++)
        {
            var cycle = background.Cycle.Minutes > 0 ? Math.Sin(2 * Math.PI * (phase + (minute / background.Cycle.Minutes))) : 0;
            var mean = perSecond * 60 * (1 + (background.Cycle.Traffic * cycle));
            var (first, second) = (Minute(halves[0], minute, mean, random, cycle), Minute(halves[1], minute, mean, random, cycle));
            if (minute == 0)
                edges = Array.ConvertAll(Shares, share => first.Latency.QuantileBucket(share) ?? LatencyBuckets.LastFinite);
            metrics[0].Add(first.Errors, first.Requests, second.Errors, second.Requests);
            for (var edge = 0; edge < edges.Length; edge++)
                metrics[edge + 1].Add(first.Errors + first.Latency.CountAbove(edges[edge]), first.Requests, second.Errors + second.Latency.CountAbove(edges[edge]), second.Requests);
        }

        return new Overdispersion(metrics[0].Overdispersion(), metrics.Skip(1).Max(metric => metric.Overdispersion()));
    }

    private static ArmCounts Minute(ArmProcess half, int minute, double mean, Random random, double cycle) =>
        half.Next(minute, Variates.Poisson(random, mean), true, cycle);
}
