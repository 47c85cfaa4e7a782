using MeshCanary.Cli.Rendering;

namespace MeshCanary.Cli.Tests.Rendering;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.00025, "0.3 ms")]
    [InlineData(0.0208, "21 ms")]
    [InlineData(0.9994, "999 ms")]
    [InlineData(1.234, "1.23 s")]
    [InlineData(double.PositiveInfinity, "over 2 min")]
    public void Latency_OfSeconds_HasThreeFigures(double? seconds, string text) => Assert.Equal(text, Figures.Latency(seconds));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(0, "0%")]
    [InlineData(1, "0.01%")]
    [InlineData(2461, "24.61%")]
    [InlineData(10000, "100%")]
    public void Share_OfBasisPoints_IsPercent(int? basisPoints, string text) => Assert.Equal(text, Figures.Share(basisPoints));

    [Theory]
    [InlineData(-5, "0:00")]
    [InlineData(67.9, "1:07")]
    [InlineData(3725, "1:02:05")]
    public void Clock_OfSeconds_ReadsAsAClock(double seconds, string text) => Assert.Equal(text, Figures.Clock(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(12.34, "12.3 s")]
    [InlineData(250, "4 min 10 s")]
    [InlineData(7500, "2 h 5 min")]
    [InlineData(180000, "2 d 2 h")]
    public void Duration_OfSeconds_IsInWords(double seconds, string text) => Assert.Equal(text, Figures.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "..........")]
    [InlineData(0.44, "####......")]
    [InlineData(1, "##########")]
    [InlineData(7, "##########")]
    public void PlainBar_OfALevel_FillsToIt(double level, string text) => Assert.Equal(text, Bar.Plain(level, 10));

    [Theory]
    [InlineData(0)]
    [InlineData(0.03)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    [InlineData(1)]
    public void BlockBar_OfAnyLevel_HasItsWidth(double level) => Assert.Equal(12, Bar.Blocks(level, 12).Length);
}
