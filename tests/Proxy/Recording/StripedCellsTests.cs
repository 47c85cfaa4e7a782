using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Tests.Recording;

public sealed class StripedCellsTests
{
    [Fact]
    public async Task Sum_ParallelIncrementsWhileRead_LosesNone()
    {
        const int Threads = 8;
        const int Each = 200_000;
        var cells = new StripedCells(5);
        var counting = Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                cells.Increment(i % 5);
                cells.Add((i + thread) % 5, 2);
            }
        })).ToArray();

        long before = 0;
        var sums = new long[5];
        while (!Task.WhenAll(counting).IsCompleted)
        {
            Read(cells, sums);
            Assert.True(sums.Sum() >= before, "a sum fell");
            before = sums.Sum();
        }

        await Task.WhenAll(counting);
        Read(cells, sums);
        Assert.All(sums, sum => Assert.Equal(Threads * Each * 3 / 5, sum));
    }

    private static void Read(StripedCells cells, long[] sums)
    {
        for (var cell = 0; cell < sums.Length; cell++)
            sums[cell] = cells.Sum(cell);
    }
}
