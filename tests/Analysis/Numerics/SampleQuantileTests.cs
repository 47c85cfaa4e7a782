using MeshCanary.Analysis.Numerics;
using MeshCanary.Analysis.Tests.Kayenta;
using MeshCanary.Analysis.Tests.Reference;

namespace MeshCanary.Analysis.Tests.Numerics;

public sealed class SampleQuantileTests
{
    [Fact]
    [Covers("QT01-nist-p90")]
    public void Quantiles_NistHandbook_Agree()
    {
        var reference = ReferenceCases.Get("QT01-nist-p90");
        var values = ReferenceCase.Numbers(reference.Inputs.GetProperty("x")).Order().ToArray();
        var share = reference.Inputs.GetProperty("p").GetDouble();
        reference.Agrees(reference.Expected.GetProperty("R7").GetDouble(), SampleQuantile.R7(values, share), "R7");
        reference.Agrees(reference.Expected.GetProperty("R6").GetDouble(), SampleQuantile.R6(values, share), "R6");
    }

    [Fact]
    public void Quantiles_ThirtySamples_AgreeWithR()
    {
        foreach (var one in KayentaReference.FromR("quantiles"))
        {
            var values = KayentaReference.Numbers(one.GetProperty("x"));
            var share = one.GetProperty("p").GetDouble();
            foreach (var (name, value) in new[] { ("r6", SampleQuantile.R6(values, share)), ("r7", SampleQuantile.R7(values, share)), ("r8", SampleQuantile.R8(values, share)) })
            {
                var expected = one.GetProperty(name).GetDouble();
                Assert.True(Math.Abs(expected - value) <= 1e-12 * values.Max(Math.Abs), $"{name}: expected {expected:R}, got {value:R}");
            }
        }
    }

    [Fact]
    public void Quantiles_EdgesOfTheDomain_AreDefined()
    {
        foreach (var quantile in new Func<double[], double, double>[] { (x, p) => SampleQuantile.R6(x, p), (x, p) => SampleQuantile.R7(x, p), (x, p) => SampleQuantile.R8(x, p) })
        {
            Assert.True(double.IsNaN(quantile([], 0.5)));
            Assert.Equal(3, quantile([3], 0.2));
            Assert.Equal(1, quantile([1, 2, 4], 0));
            Assert.Equal(4, quantile([1, 2, 4], 1));
            Assert.Equal(2, quantile([1, 2, 4], 0.5));
            Assert.Equal(0, quantile([-1.7e308, 1.7e308], 0.5), 1e292);
            Assert.Equal(double.PositiveInfinity, quantile([1, double.PositiveInfinity], 0.5));
            foreach (var share in new[] { -0.1, 1.1, double.NaN })
                Assert.Throws<ArgumentOutOfRangeException>(() => quantile([1], share));
        }
    }
}
