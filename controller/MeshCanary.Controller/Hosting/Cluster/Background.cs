namespace MeshCanary.Controller.Hosting.Cluster;

/// <summary>Work that goes on until the end. What ends before ends everything.</summary>
internal sealed class Background : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _tasks = [];

    /// <summary>Fails with the first work that failed; does not complete otherwise.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Begins some work. From one thread.</summary>
    public void Run(Func<CancellationToken, Task> work) => _tasks.Add(Task.Run(async () =>
    {
        try
        {
            await work(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked for.
        }
#pragma warning disable CA1031 // Half a controller is worse than one that is started anew.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _completion.TrySetException(failure);
        }
    }));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_tasks).ConfigureAwait(false);
        _stop.Dispose();
    }
}
