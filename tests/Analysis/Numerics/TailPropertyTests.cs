using CsCheck;
using MeshCanary.Analysis.Numerics;

namespace MeshCanary.Analysis.Tests.Numerics;

public sealed class TailPropertyTests
{
    private static readonly Gen<double> Parameter = Gen.Double[-1, 9].Select(power => Math.Pow(10, power));
    private static readonly Gen<double> LogProbability = Gen.Double[-300, -0.302].Select(power => Math.Pow(10, power));

    [Fact]
    public void BetaTail_Quantile_InvertsBothTails() =>
        Gen.Select(Parameter, Parameter, LogProbability).Sample((a, b, p) =>
        {
            var low = BetaTail.LogitQuantile(p, a, b);
            if (low < -700)
                return;
            var (x, y) = (BetaTail.Expit(low), BetaTail.Expit(-low));

            // One unit in the last place of the log odds already moves the logarithm by its slope.
            Close(Math.Log(p), BetaTail.LogLower(x, y, a, b), 1e-15 * (1 + Math.Abs(low)) * Math.Abs((a * y) - (b * x)));
        }, iter: 300);

    [Fact]
    public void BetaTail_BothTails_AddUpToOne() =>
        Gen.Select(Parameter, Parameter, Gen.Double[0, 1]).Sample(
            (a, b, x) => Assert.Equal(1, BetaTail.Lower(x, a, b) + BetaTail.Upper(x, a, b), 12), iter: 500);

    [Fact]
    public void BetaTail_RaisedX_NeverFalls() =>
        Gen.Select(Parameter, Parameter, Gen.Double[0, 1], Gen.Double[0, 1]).Sample(
            (a, b, x, y) => Assert.True(BetaTail.LogLower(Math.Min(x, y), a, b) <= BetaTail.LogLower(Math.Max(x, y), a, b) + 1e-12), iter: 500);

    [Fact]
    public void StudentTail_Quantile_InvertsTheTail() =>
        Gen.Select(Gen.Double[-0.5, 9], LogProbability).Sample((power, p) =>
        {
            var degrees = Math.Pow(10, power);
            var t = StudentTail.UpperQuantile(p, degrees);
            if (double.IsFinite(t))
                Close(Math.Log(p), StudentTail.LogUpper(t, degrees));
        }, iter: 300);

    [Fact]
    public void ChiSquaredTail_Quantile_InvertsTheTail() =>
        Gen.Select(Gen.Double[-1, 9], LogProbability).Sample((power, p) =>
        {
            var degrees = Math.Pow(10, power);
            var x = ChiSquaredTail.UpperQuantile(p, degrees);

            // One unit in the last place of x already moves the logarithm by its slope.
            Close(Math.Log(p), ChiSquaredTail.LogUpper(x, degrees), 4e-16 * x);
        }, iter: 300);

    [Fact]
    public void NormalTail_Quantile_InvertsTheTail() =>
        LogProbability.Sample(p => Close(Math.Log(p), NormalTail.LogUpper(NormalTail.UpperQuantile(p))), iter: 500);

    [Fact]
    public void Hypergeometric_WideTable_SumsAsAnIntegralWhatItSumsTermByTerm()
    {
        // Just wide enough for the integral; the ratios of neighbours give the same tail directly.
        var table = new Hypergeometric(10_000_000, 10_000_000, 10_000_000);
        foreach (var k in (long[])[5_000_000, 5_003_000, 5_008_000])
        {
            Assert.True(table.Variance(k) > Hypergeometric.WideVariance);
            var (sum, term) = (0.0, Math.Exp(table.LogProbability(k)));
            for (var j = (double)k; term > 1e-20 * sum; j++)
            {
                sum += term;
                term *= (1e7 - j) / (j + 1) * ((1e7 - j) / (j + 1));
            }

            Assert.Equal(1, table.Upper(k) / sum, 11);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.PositiveInfinity)]
    public void Tails_ParametersOutOfRange_AreRefused(double value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => BetaTail.Lower(0.5, value, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => BetaTail.Upper(0.5, 1, value));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChiSquaredTail.Upper(1, value));
        Assert.Throws<ArgumentOutOfRangeException>(() => LogGamma.Value(value));
        if (!double.IsPositiveInfinity(value))
            Assert.Throws<ArgumentOutOfRangeException>(() => StudentTail.Upper(1, value));
    }

    [Fact]
    public void Tails_Ends_HaveTheirLimits()
    {
        Assert.Equal((0.0, 1.0), (BetaTail.Lower(0, 2, 3), BetaTail.Lower(1, 2, 3)));
        Assert.Equal((1.0, 0.0), (BetaTail.Upper(-1, 2, 3), BetaTail.Upper(2, 2, 3)));
        Assert.Equal((0.0, 1.0), (NormalTail.Upper(double.PositiveInfinity), NormalTail.Upper(double.NegativeInfinity)));
        Assert.Equal((0.0, 1.0), (StudentTail.Upper(double.PositiveInfinity, 3), StudentTail.Upper(double.NegativeInfinity, 3)));
        Assert.Equal((1.0, 0.0), (ChiSquaredTail.Upper(0, 1), ChiSquaredTail.Upper(double.PositiveInfinity, 1)));
        Assert.Equal(NormalTail.Upper(2), StudentTail.Upper(2, double.PositiveInfinity), 15);
        Assert.Equal(double.PositiveInfinity, StudentTail.UpperQuantile(0, 5));
        Assert.Equal(0, StudentTail.UpperQuantile(0.5, 5));
        Assert.Equal(0, NormalTail.UpperQuantile(0.5));
        Assert.True(double.IsNaN(NormalTail.Upper(double.NaN)) && double.IsNaN(StudentTail.Upper(double.NaN, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => NormalTail.UpperQuantile(1.1));
    }

    private static void Close(double expected, double actual, double extra = 0) =>
        Assert.True(Math.Abs(expected - actual) <= extra + 1e-11 + (1e-13 * Math.Abs(expected)), $"expected {expected:R}, got {actual:R}");
}
