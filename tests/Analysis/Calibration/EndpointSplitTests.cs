using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using MeshCanary.Analysis.Calibration;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Tests.Simulation;

namespace MeshCanary.Analysis.Tests.Calibration;

public sealed class EndpointSplitTests
{
    private static readonly DateTimeOffset Origin = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Split_NobodyOrOne_SaysWhy()
    {
        var split = new EndpointSplit();
        Assert.Equal(SplitObstacle.NoEndpoints, split.Obstacle);
        split.Observe(default, At(0));
        Assert.Equal(SplitObstacle.NoEndpoints, split.Obstacle);
        split.Observe(Same(["a"]), At(1));
        Assert.Equal(SplitObstacle.OneEndpoint, split.Obstacle);
        split.Observe(Same(["a", "b"]), At(2));
        Assert.Equal(SplitObstacle.None, split.Obstacle);
        Assert.NotEqual(split.HalfOf("a"), split.HalfOf("b"));
    }

    [Fact]
    public void Split_AnyNumberOfEqualEndpoints_IsAsEvenAsItCanBe() => Gen.Int[2, 60].Select(Gen.Int[0, 1000]).Sample((count, salt) =>
    {
        var names = Enumerable.Range(0, count).Select(i => $"checkout-{salt}-{i}").ToArray();
        var split = new EndpointSplit();
        split.Observe(Same(names), At(0));
        Assert.InRange(names.Count(name => split.HalfOf(name) == 0), count / 2, (count + 1) / 2);
    }, iter: 200);

    [Fact]
    public void Split_UnequalEndpoints_BalancesTheirTraffic()
    {
        var split = new EndpointSplit();
        ImmutableArray<EndpointCounts> endpoints = [One("big", 1000), One("s1", 260), One("s2", 250), One("s3", 240), One("s4", 255)];
        split.Observe(endpoints, At(0));
        Assert.Equal(4, endpoints.Count(one => split.HalfOf(one.Endpoint) != split.HalfOf("big")));
    }

    [Fact]
    public void Split_OrderOfTheListAndNoiseOfTraffic_DoNotMatter()
    {
        string[] names = [.. Enumerable.Range(0, 9).Select(i => $"pod-{i}")];
        var (one, other) = (new EndpointSplit(), new EndpointSplit());
        one.Observe([.. names.Select(name => One(name, 1000))], At(0));
        other.Observe([.. names.Reverse().Select(name => One(name, 1000))], At(0));
        Assert.All(names, name => Assert.Equal(one.HalfOf(name), other.HalfOf(name)));
    }

    [Fact]
    public void Split_OthersComeAndTrafficShifts_EveryoneKeepsTheirHalf()
    {
        var split = new EndpointSplit();
        split.Observe(Same(["a", "b", "c"]), At(0));
        var before = new[] { "a", "b", "c" }.Select(split.HalfOf).ToArray();
        split.Observe([One("a", 900), One("b", 5), One("c", 0)], At(1));
        split.Observe([One("a", 900), One("b", 5), One("c", 0), One("d", 10)], At(2));
        split.Observe(Same(["a", "c"]), At(3));
        Assert.Equal(before, new[] { "a", "b", "c" }.Select(split.HalfOf));
        Assert.Equal(0, split.Moves);
    }

    [Fact]
    public void Split_HalfOfThemGoesAway_IsLevelledOnceTheyAreForgotten()
    {
        var split = new EndpointSplit();
        string[] names = [.. Enumerable.Range(0, 8).Select(i => $"pod-{i}")];
        split.Observe(Same(names), At(0));
        var left = names.Where(name => split.HalfOf(name) == 0).ToArray();
        for (var minute = 1; minute < 10; minute++)
            split.Observe(Same(left), At(minute));
        Assert.Equal(0, split.Moves);
        split.Observe(Same(left), At(10));
        Assert.Equal(2, left.Count(name => split.HalfOf(name) == 1));
        Assert.Equal(2, split.Moves);
    }

    [Fact]
    public void Split_RollingRestart_StaysEven()
    {
        var split = new EndpointSplit();
        var alive = Enumerable.Range(0, 6).Select(i => $"old-{i}").ToList();
        split.Observe(Same(alive), At(0));
        for (var i = 0; i < 6; i++)
        {
            alive[i] = $"new-{i}";
            for (var minute = 0; minute < 12; minute++)
                split.Observe(Same(alive), At(1 + (12 * i) + minute));
        }

        Assert.InRange(alive.Count(name => split.HalfOf(name) == 0), 2, 4);
        Assert.Equal(6, split.Save().Length);
    }

    [Fact]
    public void Split_Hundreds_RemembersFewAndIsStillEven()
    {
        var split = new EndpointSplit();
        string[] names = [.. Enumerable.Range(0, 600).Select(i => $"checkout-7d9f-{i:x4}")];
        split.Observe(Same(names), At(0));
        Assert.Equal(EndpointSplit.Remembered, split.Save().Length);
        Assert.InRange(names.Count(name => split.HalfOf(name) == 0), 250, 350);
        var before = names.Select(split.HalfOf).ToArray();
        split.Observe(Same(names), At(1));
        Assert.Equal(before, names.Select(split.HalfOf));
    }

    [Fact]
    public void Split_SavedAndRestored_IsTheSame()
    {
        var split = new EndpointSplit();
        split.Observe(Same(["a", "b", "c", "d", "e"]), At(0));
        var copy = new EndpointSplit();
        copy.Restore(JsonSerializer.Deserialize<ImmutableArray<PlacedEndpoint>>(JsonSerializer.Serialize(split.Save())));
        Assert.Equal(split.Save(), copy.Save());
        Assert.Equal(SplitObstacle.None, copy.Obstacle);
        Assert.Throws<ArgumentException>(() => copy.Restore([new PlacedEndpoint("a", 2, 0, At(0))]));
        Assert.Throws<ArgumentException>(() => copy.Restore([new PlacedEndpoint("a", 1, double.NaN, At(0))]));
    }

    private static DateTimeOffset At(int minute) => Origin.AddMinutes(minute);

    private static ImmutableArray<EndpointCounts> Same(IEnumerable<string> names) => [.. names.Select(name => One(name, 100))];

    private static EndpointCounts One(string name, long requests) => new(name, Traffic.Arm(0, requests));
}
