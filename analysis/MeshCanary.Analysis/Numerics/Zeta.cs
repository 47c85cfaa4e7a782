namespace MeshCanary.Analysis.Numerics;

/// <summary>Riemann's zeta function, by the Euler-Maclaurin formula (DLMF 25.2.9). Pure and thread-safe.</summary>
internal static class Zeta
{
    private const int Head = 20;

    // B_2j / (2j)!
    private static readonly double[] Bernoulli =
        [1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160, -691.0 / 1307674368000, 1.0 / 74724249600];

    /// <summary>ζ(s) for s > 1, to some 15 digits.</summary>
    public static double At(double s)
    {
        var sum = 0.0;
        for (var n = Head - 1; n >= 1; n--)
            sum += Math.Pow(n, -s);
        var last = Math.Pow(Head, -s);
        sum += (Head * last / (s - 1)) + (last / 2);
        var factor = last * s / Head;
        for (var j = 0; j < Bernoulli.Length; j++)
        {
            sum += Bernoulli[j] * factor;
            factor *= (s + (2 * j) + 1) * (s + (2 * j) + 2) / (Head * (double)Head);
        }

        return sum;
    }
}
