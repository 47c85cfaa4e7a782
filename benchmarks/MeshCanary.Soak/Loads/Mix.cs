namespace MeshCanary.Soak.Loads;

/// <summary>All clients of a soak.</summary>
internal sealed class Mix(Uri entrance, Stage stage) : IAsyncDisposable
{
    private bool _isClosed;

    /// <summary>Those whose every request is known.</summary>
    public OrderlyLoad Orderly { get; } = new(entrance, stage.Orderly);

    /// <summary>Those of versions in trouble.</summary>
    public RoughLoad Rough { get; } = new(new Uri(entrance, SoakRoutes.RoughPrefix + "/"));

    /// <summary>Those that go away.</summary>
    public LeavingLoad Leaving { get; } = new(new Uri(entrance, SoakRoutes.LeavingPrefix + "/"));

    /// <summary>How many clients there are; each has one request under way.</summary>
    public int Clients => Orderly.Clients + RoughLoad.Clients + Leaving.Clients;

    /// <summary>Requests that were begun.</summary>
    public long Begun => Orderly.Load.Begun + Rough.Load.Begun + Leaving.Load.Begun;

    /// <summary>What went wrong and should not have.</summary>
    public IReadOnlyList<string> Failures => [.. Orderly.Load.Failures, .. Rough.Load.Failures, .. Leaving.Load.Failures];

    /// <summary>Begins no more requests and waits for those under way.</summary>
    public Task StopAsync() => Task.WhenAll(Orderly.Load.StopAsync(), Rough.Load.StopAsync(), Leaving.Load.StopAsync());

    /// <summary>Closes all connections; again is nothing. What was counted stays.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        await Orderly.DisposeAsync();
        await Rough.DisposeAsync();
        await Leaving.DisposeAsync();
    }
}
