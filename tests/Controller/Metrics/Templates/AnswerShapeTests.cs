using System.Collections.Immutable;
using MeshCanary.Analysis.Judging.Custom;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Controller.Metrics.Templates;

namespace MeshCanary.Controller.Tests.Metrics.Templates;

public sealed class AnswerShapeTests
{
    private static readonly MetricAnswer Two = new MetricAnswer.Values(
    [
        new MetricValue(ImmutableDictionary<string, string>.Empty, 1, null), new MetricValue(ImmutableDictionary<string, string>.Empty, 2, null),
    ]);

    [Theory]
    [InlineData(10.4, 100.6, 10, 101)]
    [InlineData(0, 0, 0, 0)]
    public void Counts_OfParts_AreRoundedToWholeEvents(double events, double total, long expectedEvents, long expectedTotal)
    {
        var values = AnswerShape.Read(CustomKind.Counts, ScriptedProvider.One(events), ScriptedProvider.One(total), out var fault)!;
        Assert.Null(fault);
        Assert.Equal((expectedEvents, expectedTotal), (values.Events, values.Total));
    }

    [Theory]
    [InlineData(11, 10, "11 events of a total of 10")]
    [InlineData(-1, 10, "gives -1")]
    [InlineData(1, 1e13, "0 to 10^12")]
    [InlineData(double.NaN, 10, "not finite")]
    [InlineData(1, double.PositiveInfinity, "not finite")]
    public void Counts_ThatCannotBe_AreNoAnswer(double events, double total, string reason)
    {
        Assert.Null(AnswerShape.Read(CustomKind.Counts, ScriptedProvider.One(events), ScriptedProvider.One(total), out var fault));
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralSeries_WhereOneIsNeeded_AreNoAnswer()
    {
        Assert.Null(AnswerShape.Read(CustomKind.Guard, Two, null, out var fault));
        Assert.Contains("2 series", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CustomKind.Guard)]
    [InlineData(CustomKind.Comparison)]
    [InlineData(CustomKind.Counts)]
    [InlineData(CustomKind.Distribution)]
    public void FaultOrNothing_IsNeverAValue(CustomKind kind)
    {
        MetricAnswer[] without = [new MetricAnswer.Fault(FaultKind.Refused, "no entry"), new MetricAnswer.Nothing("no series"), new MetricAnswer.Values([])];
        foreach (var answer in without)
        {
            Assert.Null(AnswerShape.Read(kind, answer, ScriptedProvider.One(5), out var fault));
            Assert.False(string.IsNullOrEmpty(fault));
        }

        if (kind == CustomKind.Counts)
            Assert.Null(AnswerShape.Read(kind, ScriptedProvider.One(5), without[0], out _));
    }

    [Fact]
    public void Buckets_InAnyOrder_AreSortedByTheirBoundaries()
    {
        var values = AnswerShape.Read(CustomKind.Distribution, ScriptedProvider.Buckets(("+Inf", 10), ("0.5", 4.2), ("2", 9.6)), null, out _)!;
        Assert.Equal([0.5, 2], values.Boundaries!.Value);
        Assert.Equal([4L, 10, 10], values.Cumulative!.Value);
    }

    [Fact]
    public void Buckets_ThatAreNoHistogram_AreNoAnswer()
    {
        (MetricAnswer Answer, string Reason)[] cases =
        [
            (ScriptedProvider.One(3), "no label le"),
            (ScriptedProvider.Buckets(("1", 3), ("5", 4)), "no bucket le=\"+Inf\""),
            (ScriptedProvider.Buckets(("+Inf", 3)), "beside another one"),
            (ScriptedProvider.Buckets(("1", 3), ("1", 4), ("+Inf", 5)), "twice"),
            (ScriptedProvider.Buckets(("1", 300), ("2", 100), ("+Inf", 400)), "have to be cumulative"),
            (ScriptedProvider.Buckets(("1", -3), ("+Inf", 400)), "holds -3"),
            (ScriptedProvider.Buckets(("fast", 3), ("+Inf", 4)), "no label le with a boundary"),
        ];
        foreach (var (answer, reason) in cases)
        {
            Assert.Null(AnswerShape.Read(CustomKind.Distribution, answer, null, out var fault));
            Assert.Contains(reason, fault, StringComparison.Ordinal);
        }
    }
}
