namespace MeshCanary.Analysis.Benchmarks;

/// <summary>Lognormal latencies, as services have them.</summary>
internal static class RankWorkload
{
    public static double[] Latencies(Random random, int size, double factor)
    {
        var values = new double[size];
        for (var i = 0; i < size; i++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            values[i] = factor * 0.080 * Math.Exp(0.69 * normal);
        }

        return values;
    }
}
