using MeshCanary.Analysis.Calibration;

namespace MeshCanary.Analysis.Tests.Calibration;

public sealed class SmallSampleTests
{
    /// <summary>R 4.2.2: <c>k / qchisq(0.05, k)</c> and <c>k * expm1(2 * log(100) / k) / (2 * log(100))</c>.</summary>
    [Theory]
    [InlineData(12, 2.2961982948341175, 1.5040938467956142)]
    [InlineData(1440, 1.0643963812600568, 1.0032048640525053)]
    [InlineData(1_000_000_000_000, 1.0000023261785813, 1.0000000000046052)]
    public void Factors_AnyNumberOfBatches_AgreeWithR(long batches, double upper, double factor)
    {
        Assert.Equal(upper, SmallSample.UpperFactor(batches, 0.95), 1e-12 * upper);
        Assert.Equal(factor, SmallSample.Factor(batches, 0.01), 1e-13 * factor);
    }

    [Fact]
    public void Factors_MoreBatchesThanMinutesOfTheWorld_AreOne()
    {
        Assert.Equal(1, SmallSample.UpperFactor(long.MaxValue, 0.95), 1e-8);
        Assert.Equal(1, SmallSample.Factor(long.MaxValue, 0.01), 1e-15);
    }
}
