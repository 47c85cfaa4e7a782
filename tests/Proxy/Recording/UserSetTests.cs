using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Tests.Recording;

public sealed class UserSetTests
{
    [Fact]
    public async Task Add_SameUsersFromManyThreads_TellsEachNewOnce()
    {
        const int Users = 50_000;
        var set = new UserSet(Users);
        var random = new Random(7);
        var hashes = Enumerable.Range(0, Users).Select(_ => (ulong)random.NextInt64()).Distinct().ToArray();
        var news = new int[8];

        await Task.WhenAll(Enumerable.Range(0, news.Length).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < hashes.Length; i++)
            {
                if (set.Add(hashes[(i + (thread * 64)) % hashes.Length]) == UserEntry.New)
                    news[thread]++;
            }
        })));

        Assert.Equal(hashes.Length, news.Sum());
        Assert.Equal(hashes.Length, set.Count);
        Assert.All(hashes, hash => Assert.Equal(UserEntry.Known, set.Add(hash)));
    }

    [Fact]
    public void Add_LimitReached_TakesNoMoreAndStillKnowsThoseItHas()
    {
        var set = new UserSet(1000);
        for (var user = 1UL; user <= 1000; user++)
            Assert.Equal(UserEntry.New, set.Add(user * 0x9E3779B97F4A7C15));

        Assert.Equal(UserEntry.Full, set.Add(42));
        Assert.Equal(1000, set.Count);
        for (var user = 1UL; user <= 1000; user++)
            Assert.Equal(UserEntry.Known, set.Add(user * 0x9E3779B97F4A7C15));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(ulong.MaxValue)]
    public void Add_HashAtTheEndOfItsRange_IsAUserLikeAnyOther(ulong hash)
    {
        var set = new UserSet(2);
        Assert.Equal(UserEntry.New, set.Add(hash));
        Assert.Equal(UserEntry.Known, set.Add(hash));
    }
}
