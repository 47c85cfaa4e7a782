using MeshCanary.Testing.Exchanges;

namespace MeshCanary.Functional.Tests.Meshes;

/// <summary>The backends of a test, of all versions.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly List<ConversingBackend> _all = [];
    private readonly List<(ConversingBackend Backend, long Received, Task Stopping)> _retired = [];

    /// <summary>Every backend that was ever started.</summary>
    public IReadOnlyList<ConversingBackend> All => _all;

    /// <summary>Starts one.</summary>
    public async Task<ConversingBackend> AddAsync(string version, CancellationToken cancellation, bool grpc = false)
    {
        var backend = await ConversingBackend.StartAsync(version, grpc, cancellation: cancellation);
        _all.Add(backend);
        return backend;
    }

    /// <summary>
    /// Stops one that is in no snapshot any more, as a good citizen: no request that was begun before is left, it closes
    /// its port, and what lasts on it may end.
    /// </summary>
    public async Task RetireAsync(ConversingBackend backend, SteadyLoad load, CancellationToken cancellation)
    {
        await load.PassedAsync(cancellation);
        _retired.Add((backend, backend.Received, backend.StopAsync(cancellation)));
    }

    /// <summary>Waits until the retired ones have stopped, and makes sure that none of them was sent anything.</summary>
    public async Task RetiredAsync()
    {
        foreach (var (backend, received, stopping) in _retired)
        {
            await stopping;
            Assert.Equal(received, backend.Received);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var backend in _all)
            await backend.DisposeAsync();
    }
}
