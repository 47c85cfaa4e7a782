using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Reporting;

namespace MeshCanary.Proxy.Tests.Reporting;

public sealed class VisitReadingTests
{
    private readonly CounterBook _book = new(mostUsers: 2);

    [Fact]
    public void Take_MoreUsersThanAreRemembered_SaysHowManyRequestsWereNotCounted()
    {
        var visits = _book.Visit("route", "v1", "v2", "cookie u");
        var reading = new VisitReading(visits);

        Assert.Equal([true, true, false, false, false], new[] { 1UL, 2UL, 3UL, 3UL, 1UL }.Select(visits.Enter));
        Assert.Equal(2UL, reading.Take(inForce: false)?.Uncounted);
        Assert.Null(reading.Take(inForce: false));
    }

    [Fact]
    public void Take_NobodyCame_StillSaysThatUsersAreCounted()
    {
        var counts = new VisitReading(_book.Visit("route", "v1", "v2", "cookie u")).Take(inForce: true);
        Assert.Equal(("v1", "v2", null, null), (counts?.StableRevision, counts?.CanaryRevision, counts?.Stable, counts?.Canary));
    }

    [Fact]
    public void Visit_SameRun_GoesOnAndAnyOtherBeginsAnew()
    {
        var first = _book.Visit("route", "v1", "v2", "cookie u");
        Assert.Same(first, _book.Visit("route", "v1", "v2", "cookie u"));
        Assert.NotSame(first, _book.Visit("other", "v1", "v2", "cookie u"));
        Assert.NotSame(first, _book.Visit("route", "v0", "v2", "cookie u"));
        Assert.NotSame(first, _book.Visit("route", "v1", "v3", "cookie u"));
        Assert.NotSame(first, _book.Visit("route", "v1", "v2", "header u"));
    }

    [Fact]
    public void Visit_CanaryThatComesBack_IsAnotherRunAndTheOldOneIsForgotten()
    {
        var first = _book.Visit("route", "v1", "v2", "cookie u");
        _book.Retain(new HashSet<object>());
        var second = _book.Visit("route", "v1", "v2", "cookie u");
        Assert.NotSame(first, second);

        _book.Retain(new HashSet<object> { second });
        for (var reads = 0; reads < 100; reads++)
            _book.Prune(new HashSet<object>());
        Assert.Equal([second], _book.Visits);
    }
}
