using MeshCanary.Testing.Load;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Functional.Tests.Meshes;

/// <summary>Bounded load on every entrance of a mesh.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private readonly List<LoadGenerator> _generators;

    private Traffic(List<LoadGenerator> generators) => _generators = generators;

    /// <summary>
    /// Starts the load and waits until every process on the way is warm: what a process does in its first second would
    /// otherwise become the baseline that the latency edges are read from.
    /// </summary>
    public static async Task<Traffic> StartAsync(
        IEnumerable<Uri> entrances, CancellationToken cancellation, double requestsPerSecondEach = 120, int? users = null)
    {
        Action<HttpRequestMessage, long>? prepare =
            users is null ? null : (request, number) => request.Headers.Add("x-user", $"user-{number % users}");
        var traffic = new Traffic(
            [.. entrances.Select(entrance => LoadGenerator.Start(new LoadPlan(entrance, requestsPerSecondEach) { Prepare = prepare }))]);
        await Eventually.TrueAsync(
            () => traffic._generators.TrueForAll(generator => generator.Totals.Answered >= requestsPerSecondEach * 3),
            TimeSpan.FromSeconds(60), "every entrance is warm", cancellation: cancellation);
        return traffic;
    }

    /// <summary>Requests that a version answered so far.</summary>
    public long Answered(string version) => _generators.Sum(generator => generator.Totals.Of(version).Answered);

    /// <summary>Ends the load and asserts that every request got the whole answer of a backend.</summary>
    public async Task StopWithoutLossAsync(Func<string> describe)
    {
        foreach (var generator in _generators)
        {
            var totals = await generator.StopAsync();
            Assert.True(
                totals.Sent > 0 && totals.Lost == 0 && totals.Of(LoadTotals.NoVersion).Answered == 0 && totals.Answered == totals.Sent,
                $"{totals}\n{describe()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var generator in _generators)
            await generator.DisposeAsync();
    }
}
