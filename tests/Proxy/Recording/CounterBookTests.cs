using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Tests.Recording;

public sealed class CounterBookTests
{
    private static readonly HashSet<object> Nothing = [];

    [Fact]
    public void Prune_RetiredRevision_IsKeptWhileARequestRuns()
    {
        var book = new CounterBook();
        var old = book.Revision("route", "v1");
        old.Start();
        book.Retain(Nothing);

        Assert.Equal(0, PruneUntilForgotten(book, reads: 1000));
        old.End();
        Assert.Equal(1, PruneUntilForgotten(book, reads: 1000));
        Assert.Empty(book.Revisions);
    }

    [Fact]
    public void Prune_RetiredRevisionThatStillCounts_IsKept()
    {
        var book = new CounterBook();
        var old = book.Revision("route", "v1");
        book.Retain(Nothing);

        for (var i = 0; i < 1000; i++)
            Assert.Empty(book.Prune(new HashSet<object> { old }).Revisions);
    }

    [Fact]
    public void Revision_ReturnsBeforeItIsForgotten_GoesOnCounting()
    {
        var book = new CounterBook();
        var first = book.Revision("route", "v1");
        book.Retain(Nothing);
        book.Prune(Nothing);

        Assert.Same(first, book.Revision("route", "v1"));
        book.Retain(new HashSet<object> { first });
        Assert.Equal(0, PruneUntilForgotten(book, reads: 1000));
    }

    private static int PruneUntilForgotten(CounterBook book, int reads)
    {
        for (var i = 0; i < reads; i++)
        {
            if (book.Prune(Nothing).Revisions.Length is > 0 and var forgotten)
                return forgotten;
        }

        return 0;
    }
}
