using System.Net;
using MeshCanary.Functional.Tests.Meshes;
using MeshCanary.Testing.Exchanges;
using MeshCanary.Testing.Meshes;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Functional.Tests.Changes;

/// <summary>
/// A snapshot is in force whole or not at all. Each edition has a pair of backends, a rule and a weight of its own, so
/// that an answer tells which edition gave it, and one that mixes two editions is one that no edition gives.
/// </summary>
public sealed class AtomicityTests
{
    private const int Pairs = 4;
    private const int Editions = 120;
    private const int ReadersEach = 3;

    private static readonly string[] Names = ["shop/a", "shop/b"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Snapshots_UnderConcurrentReaders_AreInForceWholeAndNeverGoBack()
    {
        await using var fleet = new Fleet();
        var (stable, canary) = await PairsAsync(fleet);
        await using var plane = await ControlPlane.StartAsync(2, Names.Select(name => Edition(name, 0, stable, canary)), Cancellation);
        var (published, acknowledged) = (0, 0);
        var readers = plane.Proxies.SelectMany(proxy =>
        {
            // Both routes are in one snapshot, a first and b second: who has seen b's edition has a's.
            var seen = new int[Names.Length];
            return Enumerable.Range(0, ReadersEach).Select(reader => (proxy.Entrance, seen, reader));
        }).ToList();
        List<Conversation> conversations = [];
        await using var load = new SteadyLoad(TimeSpan.FromMilliseconds(1), readers.Select(item =>
        {
            var conversation = new Conversation(item.Entrance, item.reader % 2 == 0 ? HttpVersion.Version11 : HttpVersion.Version20);
            conversations.Add(conversation);
            return (Func<int, Task<Reply>>)(number => ReadAsync(conversation, item.seen, number, number + item.reader));
        }));

        for (var edition = 1; edition <= Editions; edition++)
        {
            Volatile.Write(ref published, edition);
            foreach (var name in Names)
                plane.Publish(Edition(name, edition, stable, canary));
            await plane.AcknowledgedAsync(Cancellation);
            Volatile.Write(ref acknowledged, edition);
        }

        await load.MoreAsync(3, Cancellation);
        await load.StopAsync();
        conversations.ForEach(conversation => conversation.Dispose());
        Assert.Empty(load.Failures);
        Assert.True(load.Answered > Editions, $"{load.Answered} answers over {Editions} editions");

        async Task<Reply> ReadAsync(Conversation conversation, int[] seen, int number, int choice)
        {
            var route = choice % Names.Length;
            var tag = number / 2 % Pairs;
            var least = Math.Max(Volatile.Read(ref acknowledged), Volatile.Read(ref seen[route]));
            var reply = await conversation.GetAsync($"{(char)('a' + route)}/get", ("x-edition", $"e{tag}"), Cancellation);
            var (arm, pair) = (reply.Version[0], reply.Version[1] - '0');
            var most = Volatile.Read(ref published);
            var edition = Enumerable.Range(least, most - least + 1).FirstOrDefault(candidate => candidate % Pairs == pair, -1);
            if (edition < 0)
                throw new InvalidDataException($"route {Names[route]} answered by pair {pair}, where {least} was in force before and {most} is the newest");
            if ((arm == 'c') != (IsAllCanary(edition) || tag == pair))
                throw new InvalidDataException($"an answer of {reply.Version} to a request of e{tag} is of no edition: weight and rule of one, endpoints of another");
            for (var other = 0; other < Names.Length; other++)
                Raise(ref seen[other], other <= route ? edition : edition - 1);
            return reply;
        }
    }

    [Fact]
    public async Task InvalidSnapshot_AfterAValidOne_ChangesNothingAtAll()
    {
        await using var fleet = new Fleet();
        var (stable, canary) = await PairsAsync(fleet);
        await using var plane = await ControlPlane.StartAsync(2, Names.Select(name => Edition(name, 1, stable, canary)), Cancellation);
        var good = plane.Version;

        // Everything of the first route would change; the second is wrong. Nobody may have any of it.
        plane.Publish(Broken(stable, canary));
        plane.Publish(Edition(Names[0], 2, stable, canary));
        await plane.UntilAsync(
            () => plane.Views.Count == 2 && plane.Views.All(view => view.Problem?.Contains("nonsense", StringComparison.Ordinal) == true && view.Problem.StartsWith($"snapshot {plane.Version}", StringComparison.Ordinal)),
            "every proxy refuses the newest snapshot and says why", Cancellation);
        foreach (var proxy in plane.Proxies)
        {
            using var conversation = new Conversation(proxy.Entrance, HttpVersion.Version11);
            foreach (var tag in Enumerable.Range(0, Pairs))
            {
                Assert.Equal("c1", (await conversation.GetAsync("a/get", ("x-edition", $"e{tag}"), Cancellation)).Version);
                Assert.Equal("c1", (await conversation.GetAsync("b/get", ("x-edition", $"e{tag}"), Cancellation)).Version);
            }

            var metrics = await proxy.MetricsAsync(Cancellation);
            Assert.Equal(good, metrics["meshcanary_proxy_snapshot_version"]);
            Assert.True(metrics["meshcanary_proxy_snapshots_refused_total"] >= 1);
        }

        await plane.UntilAsync(() => plane.Reports.Total() == 2 * 2 * Pairs, "all requests are reported", Cancellation);
        Assert.All(Names, name => Assert.Equal([(ulong)good], plane.Reports.DrawnUnder(name)));

        // And the next good one is taken whole.
        plane.Publish(Edition(Names[1], 2, stable, canary));
        await plane.AcknowledgedAsync(Cancellation);
        foreach (var proxy in plane.Proxies)
        {
            using var conversation = new Conversation(proxy.Entrance, HttpVersion.Version11);
            foreach (var prefix in new[] { "a", "b" })
            {
                Assert.Equal("s2", (await conversation.GetAsync($"{prefix}/get", ("x-edition", "e1"), Cancellation)).Version);
                Assert.Equal("c2", (await conversation.GetAsync($"{prefix}/get", ("x-edition", "e2"), Cancellation)).Version);
            }
        }

        Assert.All(plane.Views, view => Assert.Null(view.Problem));
    }

    [Fact]
    public async Task WeightChange_OverManyProxies_IsAcknowledgedByEveryOneAndInForceAtEveryOne()
    {
        await using var fleet = new Fleet();
        var (stable, canary) = await PairsAsync(fleet);
        await using var plane = await ControlPlane.StartAsync(5, [Edition(Names[0], 0, stable, canary)], Cancellation);
        for (var edition = 1; edition <= 6; edition++)
        {
            await plane.ApplyAsync(Edition(Names[0], edition, stable, canary), Cancellation);
            Assert.Equal([plane.Version], plane.Views.Select(view => view.AcknowledgedVersion).Distinct());
            foreach (var proxy in plane.Proxies)
            {
                using var conversation = new Conversation(proxy.Entrance, HttpVersion.Version11);
                Assert.Equal($"{(IsAllCanary(edition) ? 'c' : 's')}{edition % Pairs}", (await conversation.GetAsync("a/get", cancellation: Cancellation)).Version);
            }
        }
    }

    private static bool IsAllCanary(int edition) => edition % 2 == 1;

    private static async Task<(List<ConversingBackend> Stable, List<ConversingBackend> Canary)> PairsAsync(Fleet fleet)
    {
        var (stable, canary) = (new List<ConversingBackend>(), new List<ConversingBackend>());
        for (var pair = 0; pair < Pairs; pair++)
        {
            stable.Add(await fleet.AddAsync($"s{pair}", Cancellation));
            canary.Add(await fleet.AddAsync($"c{pair}", Cancellation));
        }

        return (stable, canary);
    }

    /// <summary>Odd editions send everything to the canary; even ones only what carries their own mark.</summary>
    private static Wire.Route Edition(string name, int edition, List<ConversingBackend> stable, List<ConversingBackend> canary) => Routes.Of(
        name, $"/{name[^1]}", [stable[edition % Pairs]], [canary[edition % Pairs]], IsAllCanary(edition) ? 10_000u : 0, Routes.Header("x-edition", $"e{edition % Pairs}"));

    private static Wire.Route Broken(List<ConversingBackend> stable, List<ConversingBackend> canary)
    {
        var route = Edition(Names[1], 2, stable, canary);
        route.Canary.Endpoints.Add("nonsense");
        return route;
    }

    private static void Raise(ref int place, int value)
    {
        var before = Volatile.Read(ref place);
        while (before < value && Interlocked.CompareExchange(ref place, value, before) is var now && now != before)
            before = now;
    }
}
