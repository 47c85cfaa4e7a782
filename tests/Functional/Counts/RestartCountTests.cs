using System.Net;
using MeshCanary.Analysis.Samples;
using MeshCanary.Functional.Tests.Meshes;
using MeshCanary.Rollouts.States;
using MeshCanary.Testing.Exchanges;
using MeshCanary.Testing.Meshes;

namespace MeshCanary.Functional.Tests.Counts;

/// <summary>What a run's record says was served is what clients saw, also when the controller died in between.</summary>
public sealed class RestartCountTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Record_OfARunWhoseControllerIsKilled_HasEveryRequestOnce(int kills)
    {
        await using var fleet = new Fleet();
        var (v1, v2) = (await fleet.AddAsync("v1", Cancellation), await fleet.AddAsync("v2", Cancellation));
        await using var mesh = await Mesh.StartAsync(
            new MeshPlan { Steps = ["{ weight: 40, minDuration: 20m, maxDuration: 30m }"] }, new Uri(v1.Address), Cancellation);
        await mesh.Api.AnnounceAsync(Mesh.Name, "v2", new Uri(v2.Address), Cancellation);
        await mesh.UntilAsync(view => view.Weight.Acknowledged == 4000, "v2 gets its share", Cancellation);

        var clients = mesh.Entrances.Select(entrance => new Conversation(entrance, HttpVersion.Version11)).ToList();
        await using var load = new SteadyLoad(
            TimeSpan.FromMilliseconds(5),
            clients.SelectMany(client => new Func<int, Task<Reply>>[] { _ => client.GetAsync(), number => client.PostAsync(number % 3000, number) }));
        await load.MoreAsync(50, Cancellation);
        for (var kill = 0; kill < kills; kill++)
        {
            await mesh.KillControllerAsync();
            await load.MoreAsync(50, Cancellation);
            await mesh.StartControllerAsync(Cancellation);
            await load.MoreAsync(50, Cancellation);
        }

        await load.StopAsync();
        clients.ForEach(client => client.Dispose());
        Assert.Empty(load.Failures);
        var run = (await mesh.Api.GetAsync(Mesh.Name, Cancellation)).Run!.Id;
        await mesh.UntilAsync(
            async () => (await SumsAsync(mesh, run)).Values.Sum() >= 2 * load.Answered, "the record has every request", Cancellation);
        var intervals = (await mesh.Api.RecordAsync(Mesh.Name, run, Cancellation)).Intervals.Length;
        await mesh.UntilAsync(
            async () => (await mesh.Api.RecordAsync(Mesh.Name, run, Cancellation)).Intervals.Length >= intervals + 2, "two more intervals pass", Cancellation);

        var expected = Tallies.Sum(load.Replies.SelectMany(pair => new[]
        {
            (pair.Key.Version, pair.Value), ($"{pair.Key.Version} {pair.Key.Endpoint}", pair.Value),
        }));
        Assert.Equal(expected, await SumsAsync(mesh, run));
        Assert.Equal(Phase.Progressing, (await mesh.Api.GetAsync(Mesh.Name, Cancellation)).Phase);
    }

    private static async Task<SortedDictionary<string, long>> SumsAsync(Mesh mesh, string run)
    {
        var samples = (await mesh.Api.RecordAsync(Mesh.Name, run, Cancellation)).Intervals.Select(interval => interval.Sample).ToList();
        return Tallies.Sum(samples.SelectMany(sample => Of("v1", sample.Stable, sample.StableEndpoints).Concat(Of("v2", sample.Canary, sample.CanaryEndpoints))));
    }

    private static IEnumerable<(string Name, long Count)> Of(string version, ArmCounts arm, IEnumerable<EndpointCounts> endpoints) =>
        endpoints.Select(endpoint => ($"{version} {endpoint.Endpoint.TrimEnd('/')}", endpoint.Counts.Attempts)).Prepend((version, arm.Attempts));
}
