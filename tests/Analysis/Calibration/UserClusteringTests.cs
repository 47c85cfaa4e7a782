using MeshCanary.Analysis.Calibration;

namespace MeshCanary.Analysis.Tests.Calibration;

public sealed class UserClusteringTests
{
    [Fact]
    public void FromUsers_EveryUserIsGoodOrBadAsAWhole_IsTheClusterSize()
    {
        // ρ = 1: Kish's 1 + (size − 1)·ρ is the size of the clusters.
        var users = Enumerable.Range(0, 400).Select(i => new UserCounts(25, i % 4 == 0 ? 25 : 0)).ToArray();
        var effect = UserClustering.FromUsers(users);
        Assert.Equal(25 * 400.0 / 399, effect.Measured!.Value, 1e-9);
        Assert.Equal(25, effect.ClusterSize, 1e-12);
        Assert.Equal(0.25, effect.Share, 1e-12);
    }

    [Fact]
    public void FromUsers_IndependentRequests_IsNearOne()
    {
        var random = new Random(1);
        var users = Enumerable.Range(0, 3000).Select(_ => (long)random.Next(1, 60)).Select(n => new UserCounts(n, BinomialSampler.Next(random, n, 0.1))).ToArray();
        Assert.InRange(UserClustering.FromUsers(users).Measured!.Value, 0.9, 1.1);
        Assert.InRange(UserClustering.FromUsers(users).Overdispersion!.Value, 1, 1.1);
    }

    [Fact]
    public void FromGroups_OfTheSameUsers_EstimatesTheSame()
    {
        var random = new Random(2);
        var users = Enumerable.Range(0, 20_000).Select(i => new UserCounts(20, BinomialSampler.Next(random, 20, i % 5 == 0 ? 0.4 : 0.02))).ToArray();
        var groups = users.Chunk(100).Select(chunk => new UserCounts(chunk.Sum(one => one.Requests), chunk.Sum(one => one.Events))).ToArray();
        var (byUser, byGroup) = (UserClustering.FromUsers(users).Measured!.Value, UserClustering.FromGroups(groups).Measured!.Value);

        // ρ = var(p_i)/(p(1 − p)) = 0.16·0.38²/(0.096·0.904) = 0.266: 1 + 19·0.266 = 6.06. The groups are of fixed shares of both kinds, so they vary less between them.
        Assert.InRange(byUser, 5.7, 6.4);
        Assert.InRange(byGroup, 0.6, byUser);
        random.Shuffle(users);
        groups = [.. users.Chunk(100).Select(chunk => new UserCounts(chunk.Sum(one => one.Requests), chunk.Sum(one => one.Events)))];
        Assert.InRange(UserClustering.FromGroups(groups).Measured!.Value / byUser, 0.75, 1.3);
    }

    [Fact]
    public void FromUsers_NothingToTell_SaysWhyAndIsNeverOne()
    {
        Assert.Contains("0 users", Reason([]), StringComparison.Ordinal);
        Assert.Contains("29 users", Reason([.. Enumerable.Repeat(new UserCounts(5, 1), 29), new UserCounts(0, 0)]), StringComparison.Ordinal);
        Assert.Contains("0 of 250", Reason([.. Enumerable.Repeat(new UserCounts(5, 0), 50)]), StringComparison.Ordinal);
        Assert.Contains("250 of 250", Reason([.. Enumerable.Repeat(new UserCounts(5, 5), 50)]), StringComparison.Ordinal);
    }

    [Fact]
    public void FromUsers_NoCounts_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => UserClustering.FromUsers([new UserCounts(1, 2)]));
        Assert.Throws<ArgumentException>(() => UserClustering.FromUsers([new UserCounts(1, -1)]));
        Assert.Throws<ArgumentException>(() => UserClustering.FromGroups([new UserCounts(long.MaxValue, 0)]));
    }

    private static string Reason(UserCounts[] users)
    {
        var effect = UserClustering.FromUsers(users);
        Assert.Null(effect.Overdispersion);
        return effect.Reason!;
    }
}
