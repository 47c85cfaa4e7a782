using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Tests.Recording;

public sealed class EndpointBookTests
{
    private const int QuietReads = 3;
    private static readonly HashSet<object> Nothing = [];

    [Fact]
    public void Age_EndpointThatIsGone_IsReadOnAfterItIsNoLongerFound()
    {
        var book = new EndpointBook();
        var endpoint = book.Of("http://a");
        Age(book, Nothing, QuietReads);

        Assert.Null(book.Find("http://a"));
        Assert.Same(endpoint, Assert.Single(book.All));
        Age(book, Nothing, QuietReads - 1);
        Assert.Single(book.All);
        Age(book, Nothing, 1);
        Assert.Empty(book.All);
    }

    [Fact]
    public void Age_EndpointThatIsGoneAndStillCounts_IsKept()
    {
        var book = new EndpointBook();
        var endpoint = book.Of("http://a");
        Age(book, Nothing, QuietReads);
        Age(book, [endpoint], 100);
        Assert.Same(endpoint, Assert.Single(book.All));
    }

    [Fact]
    public void Of_EndpointThatReturnsWhileItLeaves_IsCountedAnewBesideTheOld()
    {
        var book = new EndpointBook();
        var before = book.Of("http://a");
        Age(book, Nothing, QuietReads);
        var after = book.Of("http://a");

        Assert.NotSame(before, after);
        Assert.Equal([after, before], book.All);
    }

    [Fact]
    public void Age_EndpointInForceWithoutRequests_IsKept()
    {
        var book = new EndpointBook();
        var endpoint = book.Of("http://a");
        Age(book, [endpoint], 1000);
        Assert.Same(endpoint, book.Of("http://a"));
    }

    private static void Age(EndpointBook book, HashSet<object> kept, int readings)
    {
        for (var i = 0; i < readings; i++)
            book.Age(kept, QuietReads);
    }
}
