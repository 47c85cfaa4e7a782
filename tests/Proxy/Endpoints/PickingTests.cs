using MeshCanary.Proxy.Endpoints;

namespace MeshCanary.Proxy.Tests.Endpoints;

public sealed class PickingTests : IDisposable
{
    private const int Picks = 40_000;

    private readonly TestBoard _board = new();

    public void Dispose() => _board.Dispose();

    [Fact]
    public void Pick_AllIdle_SharesEvenly()
    {
        var set = _board.Apply(TestBoard.Arm(4));

        Assert.All(set.All, endpoint => Assert.InRange(Share(set, endpoint), 0.23, 0.27));
    }

    [Fact]
    public void Pick_OneOfTwoIsBusier_TakesTheOther()
    {
        var set = _board.Apply(TestBoard.Arm(2));
        var busy = set.All.First();
        busy.Begin();

        Assert.Equal(0, Share(set, busy));
        busy.End(EndpointResult.NotItsFault);
        Assert.InRange(Share(set, busy), 0.45, 0.55);
    }

    [Fact]
    public void Pick_AnUnevenLoad_EvensItOut()
    {
        var set = _board.Apply(TestBoard.Arm(10));
        for (var i = 0; i < 1000; i++)
            set.Pick(null)!.Begin();

        // Two choices keep the highest within a few of the mean, 100; one choice would not.
        Assert.All(set.All, endpoint => Assert.InRange(endpoint.InFlight, 95, 105));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Pick_WithAnException_TakesAnyOther(int endpoints)
    {
        var set = _board.Apply(TestBoard.Arm(endpoints));
        foreach (var except in set.All)
        {
            var seen = Enumerable.Range(0, 500).Select(_ => set.Pick(except)).ToHashSet();
            Assert.Equal(endpoints == 1 ? [null] : set.All.Where(endpoint => endpoint != except).ToHashSet<Endpoint?>(), seen);
        }
    }

    [Fact]
    public void Pick_OneIsTakenOut_TakesTheRestAndAnyTakesAll()
    {
        var set = _board.Apply(TestBoard.Arm(3));
        var gone = set.All.First();
        gone.End(EndpointResult.Unreachable, 3);

        Assert.True(set.HasReady);
        Assert.Equal(2, Enumerable.Range(0, 500).Select(_ => set.Pick(null)).Distinct().Count());
        Assert.Equal(0, Share(set, gone));
        Assert.Equal(3, Enumerable.Range(0, 500).Select(_ => set.PickAny(null)).Distinct().Count());
    }

    [Fact]
    public void Pick_NoneReady_IsNull()
    {
        var set = _board.Apply(TestBoard.Arm(2));
        foreach (var endpoint in set.All)
            endpoint.End(EndpointResult.Unreachable, 3);

        Assert.False(set.HasReady);
        Assert.Null(set.Pick(null));
        Assert.NotNull(set.PickAny(null));
    }

    [Fact]
    public void Pick_AnythingUnchanged_AllocatesNothing()
    {
        var arm = TestBoard.Arm(3);
        arm.SlowStartMs = 60_000;
        var set = _board.Apply(arm);
        var except = set.Pick(null);

        // Once to compile; the least of several, since a thread may be charged for what the runtime does in between.
        var least = Enumerable.Range(0, 5).Min(round =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                var endpoint = set.Pick(null)!;
                endpoint.Begin();
                endpoint.End(EndpointResult.Answered);
                _ = set.PickAny(except);
                _ = set.HasReady;
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        });

        Assert.Equal(0, least);
    }

    [Fact]
    public void Pick_SlowStart_GivesANewEndpointARisingShare()
    {
        var before = TestBoard.Arm(3);
        before.SlowStartMs = 10_000;
        _board.Apply(before);
        _board.Time.Advance(TimeSpan.FromSeconds(20));
        var after = TestBoard.Arm(4);
        after.SlowStartMs = 10_000;
        var set = _board.Apply(after);
        var young = set.All.Last();

        // A tenth of a fourth, then a half and more, then all of it.
        Assert.InRange(Share(set, young), 0.015, 0.035);
        _board.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.InRange(Share(set, young), 0.12, 0.16);
        _board.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.InRange(Share(set, young), 0.23, 0.27);
    }

    [Fact]
    public void Pick_SlowStartUnderLoad_GivesANewEndpointLessInFlight()
    {
        var before = TestBoard.Arm(1);
        before.SlowStartMs = 10_000;
        _board.Apply(before);
        _board.Time.Advance(TimeSpan.FromSeconds(20));
        var after = TestBoard.Arm(2);
        after.SlowStartMs = 10_000;
        var set = _board.Apply(after);
        for (var i = 0; i < 1000; i++)
            set.Pick(null)!.Begin();

        Assert.InRange(set.All.Last().InFlight, 50, 130);
    }

    private static double Share(EndpointSet set, Endpoint endpoint) =>
        Enumerable.Range(0, Picks).Count(_ => set.Pick(null) == endpoint) / (double)Picks;
}
