using CsCheck;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Endpoints;

namespace MeshCanary.Proxy.Tests.Endpoints;

public sealed class EjectionTests : IDisposable
{
    private readonly TestBoard _board = new();

    public void Dispose() => _board.Dispose();

    [Fact]
    public void Endpoint_UnreachableThreeTimes_IsOutForAPause()
    {
        var endpoint = One();

        endpoint.End(EndpointResult.Unreachable, 2);
        Assert.True(endpoint.IsReady);
        endpoint.End(EndpointResult.Unreachable, 1);

        Assert.False(endpoint.IsReady);
        Assert.Equal("it could not be reached 3 times in a row and gets no requests for 2 s", endpoint.Obstacle);
        Assert.Contains(_board.Log.Lines, line => line.Text.Contains("See whether it runs and listens there", StringComparison.Ordinal));
        _board.Time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(endpoint.IsReady);
        _board.Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(endpoint.IsReady);
        Assert.Empty(endpoint.Obstacle);
    }

    [Fact]
    public void Endpoint_EjectedAgainAndAgain_PausesLongerUpToTenfold()
    {
        var endpoint = One();
        endpoint.End(EndpointResult.Unreachable, 2);

        List<double> pauses = [];
        for (var i = 0; i < 12; i++)
        {
            // After a pause one failure is enough.
            endpoint.End(EndpointResult.Unreachable, 1);
            Assert.False(endpoint.IsReady);
            pauses.Add(PauseOf(endpoint));
        }

        Assert.Equal([2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 20, 20], pauses);
    }

    [Fact]
    public void Endpoint_AnswersAfterAPause_BeginsAnew()
    {
        var endpoint = One();
        endpoint.End(EndpointResult.Unreachable, 3);
        PauseOf(endpoint);

        endpoint.End(EndpointResult.Answered, 1);
        endpoint.End(EndpointResult.Unreachable, 2);
        Assert.True(endpoint.IsReady);
        endpoint.End(EndpointResult.Unreachable, 1);

        Assert.Equal(2, PauseOf(endpoint));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Endpoint_ReachedInBetween_Stays(bool answered)
    {
        var endpoint = One();
        for (var i = 0; i < 10; i++)
        {
            endpoint.End(EndpointResult.Unreachable, 2);
            endpoint.End(answered ? EndpointResult.Answered : EndpointResult.Failed, 1);
        }

        Assert.True(endpoint.IsReady);
    }

    [Fact]
    public void Endpoint_WhatIsNotItsFault_ChangesNothing()
    {
        var endpoint = One();
        endpoint.End(EndpointResult.Unreachable, 2);
        endpoint.End(EndpointResult.NotItsFault, 10);
        Assert.True(endpoint.IsReady);

        endpoint.End(EndpointResult.Unreachable, 1);

        Assert.False(endpoint.IsReady);
    }

    [Fact]
    public void Endpoint_FailsWithoutALimitOnFailures_Stays()
    {
        var set = _board.Apply(TestBoard.Arm(4));
        set.All.First().End(EndpointResult.Failed, 1000);

        Assert.All(set.All, endpoint => Assert.True(endpoint.IsReady));
    }

    [Fact]
    public void Failures_OfAllEndpoints_EjectHalf()
    {
        var set = _board.Apply(With(TestBoard.Arm(5), new OutlierEjection { Failures = 3 }));
        foreach (var endpoint in set.All)
            endpoint.End(EndpointResult.Failed, 10);

        Assert.Equal([false, false, true, true, true], set.All.Select(endpoint => endpoint.IsReady));
        Assert.Contains("requests in a row failed there", set.All.First().Obstacle, StringComparison.Ordinal);
    }

    [Fact]
    public void Failures_AtAHundredPercent_LeaveTheLast()
    {
        var set = _board.Apply(With(TestBoard.Arm(3), new OutlierEjection { Failures = 1, MaxEjectedPercent = 100 }));
        foreach (var endpoint in set.All)
            endpoint.End(EndpointResult.Failed, 3);

        Assert.Equal([false, false, true], set.All.Select(endpoint => endpoint.IsReady));
    }

    [Fact]
    public void Unreachable_AllEndpoints_LeavesNone()
    {
        var set = _board.Apply(With(TestBoard.Arm(3), new OutlierEjection { Failures = 1, Unreachable = 1 }));
        foreach (var endpoint in set.All)
            endpoint.End(EndpointResult.Unreachable, 1);

        Assert.False(set.HasReady);
    }

    [Fact]
    public void Floor_UnderAnyHistory_IsNeverBrokenByFailures()
    {
        var step = Gen.Select(Gen.Int[0, 7], Gen.Enum<EndpointResult>(), Gen.Int[0, 3000]);
        Gen.Select(Gen.Int[1, 8], Gen.UInt[1, 100], Gen.UInt[1, 4], step.Array[1, 120]).Sample((endpoints, percent, limit, history) =>
        {
            using var board = new TestBoard();
            var set = board.Apply(With(TestBoard.Arm(endpoints), new OutlierEjection { Failures = limit, MaxEjectedPercent = percent, PauseMs = 1000 }));
            var all = set.All.ToArray();
            foreach (var (which, result, wait) in history)
            {
                var endpoint = all[which % endpoints];
                var wasReady = endpoint.IsReady;
                endpoint.End(result, 1);
                if (wasReady && !endpoint.IsReady && result == EndpointResult.Failed)
                {
                    Assert.True(set.HasReady);
                    Assert.True(all.Count(one => !one.IsReady) * 100 <= percent * endpoints);
                }

                Assert.Equal(all.Any(one => one.IsReady), set.HasReady);
                board.Time.Advance(TimeSpan.FromMilliseconds(wait));
            }

            board.Time.Advance(TimeSpan.FromSeconds(11));
            Assert.All(all, one => Assert.True(one.IsReady));
        }, iter: 300);
    }

    private static Arm With(Arm arm, OutlierEjection outliers)
    {
        arm.Outliers = outliers;
        return arm;
    }

    private Endpoint One() => _board.Apply(TestBoard.Arm(1)).All.Single();

    // Waits the pause out.
    private double PauseOf(Endpoint endpoint)
    {
        for (var seconds = 1; seconds < 60; seconds++)
        {
            _board.Time.Advance(TimeSpan.FromSeconds(1));
            if (endpoint.IsReady)
                return seconds;
        }

        return double.PositiveInfinity;
    }
}
