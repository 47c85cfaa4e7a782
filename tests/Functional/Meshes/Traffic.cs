using MeshCanary.Testing.Load;

namespace MeshCanary.Functional.Tests.Meshes;

/// <summary>Bounded load on every entrance of a mesh.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private readonly List<LoadGenerator> _generators;

    private Traffic(List<LoadGenerator> generators) => _generators = generators;

    public static Traffic Start(IEnumerable<Uri> entrances, double requestsPerSecondEach = 120) =>
        new([.. entrances.Select(entrance => LoadGenerator.Start(new LoadPlan(entrance, requestsPerSecondEach)))]);

    /// <summary>Requests that a version answered so far.</summary>
    public long Answered(string version) => _generators.Sum(generator => generator.Totals.Of(version).Answered);

    /// <summary>Ends the load and asserts that every request got the whole answer of a backend.</summary>
    public async Task StopWithoutLossAsync()
    {
        foreach (var generator in _generators)
        {
            var totals = await generator.StopAsync();
            Assert.True(
                totals.Sent > 0 && totals.Lost == 0 && totals.Of(LoadTotals.NoVersion).Answered == 0 && totals.Answered == totals.Sent,
                totals.ToString());
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var generator in _generators)
            await generator.DisposeAsync();
    }
}
