using System.Diagnostics;
using System.Globalization;
using MeshCanary.Analysis.Hypotheses;
using MeshCanary.Analysis.Hypotheses.Ranks;

namespace MeshCanary.Analysis.Benchmarks;

/// <summary>
/// Times the rank test on samples that another program wrote, so that both are timed on the same values in one run. The
/// file has two lines of numbers per size; what is printed is size, seconds of U with p, seconds with the shift, p and shift.
/// </summary>
internal static class RankTimings
{
    private const double SecondsPerSize = 1.0;

    public static void Run(string path)
    {
        var lines = File.ReadAllLines(path);
        var test = new MannWhitneyTest();
        for (var i = 0; i + 1 < lines.Length; i += 2)
        {
            var (canary, stable) = (Numbers(lines[i]), Numbers(lines[i + 1]));
            var data = new TwoSamples(canary, stable);
            var rank = Median(() => MannWhitney.PValue(canary, stable, Alternative.TwoSided, MannWhitneyMethod.Asymptotic));
            var whole = Median(() => test.Test(data, TestOptions.Default).Effect!.Value);
            var p = MannWhitney.PValue(canary, stable, Alternative.TwoSided, MannWhitneyMethod.Asymptotic);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{canary.Length} {rank:R} {whole:R} {p:R} {test.Test(data, TestOptions.Default).Effect!.Value:R}"));
        }
    }

    private static double[] Numbers(string line) => [.. line.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture))];

    /// <summary>Seconds per call: the median of batches that are long enough for the clock, after as long a warm-up.</summary>
    private static double Median(Func<double> call)
    {
        var calls = 1;
        while (Seconds(call, calls) < SecondsPerSize / 20)
            calls *= 2;
        Seconds(call, calls * 20);
        return Enumerable.Range(0, 21).Select(_ => Seconds(call, calls) / calls).Order().ElementAt(10);
    }

    private static double Seconds(Func<double> call, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
            call();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
