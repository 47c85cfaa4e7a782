using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Simulator.Sampling;
using MeshCanary.Analysis.Simulator.Scenarios;

namespace MeshCanary.Analysis.Simulator.Running;

/// <summary>
/// Days of stable against stable, from which judges are calibrated: 24 h of a background before the rollout, in two
/// endpoints of equal traffic. They get together what the arms of the rollout get, as before a rollout stable has it all. A
/// number of independent days per background, so that the uncertainty of calibration is in the figures.
/// </summary>
internal sealed class HistoryLibrary(long master, int days, int threads)
{
    private const int Minutes = 24 * 60;

    private readonly Dictionary<string, CalibrationProfile[]> _known = [];

    /// <summary>The calibrations of a background; run r uses number r modulo their count. Not thread-safe.</summary>
    public IReadOnlyList<CalibrationProfile> Of(Background background)
    {
        if (_known.TryGetValue(background.Name, out var known))
            return known;
        var made = new CalibrationProfile[days];
        Parallel.For(0, days, new ParallelOptions { MaxDegreeOfParallelism = threads }, day =>
            made[day] = Calibrate(background, SeededStream.For(master, "history of " + background.Name, day)));
        _known.Add(background.Name, made);
        return made;
    }

    private static CalibrationProfile Calibrate(Background background, Random random)
    {
        var scenario = new Scenario { Name = background.Name, Background = background };
        ArmProcess[] halves = [new ArmProcess(scenario, ArmRole.Stable, random), new ArmProcess(scenario, ArmRole.Stable, random)];
        var perMinute = 60 * (background.CanaryPerSecond + background.StablePerSecond) / 2;
        var phase = random.NextDouble();
        var history = new CalibrationHistory(new CalibrationSettings());
        var end = Clock.Origin.AddMinutes(-Minutes);
        for (var minute = 0; minute < Minutes; minute++)
        {
            var cycle = background.Cycle.At(phase, minute);
            var mean = perMinute * (1 + (background.Cycle.Traffic * cycle));
            var start = end;
            end = start.AddMinutes(1);
            history.Add(start, end,
            [
                new EndpointCounts("first", halves[0].Next(minute, Variates.Poisson(random, mean), true, cycle)),
                new EndpointCounts("second", halves[1].Next(minute, Variates.Poisson(random, mean), true, cycle)),
            ]);
        }

        return history.ProfileAt(end);
    }
}
