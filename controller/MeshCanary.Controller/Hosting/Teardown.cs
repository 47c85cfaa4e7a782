namespace MeshCanary.Controller.Hosting;

/// <summary>Stops what was started, last first, also when the start breaks off half-way.</summary>
internal sealed class Teardown : IAsyncDisposable
{
    private readonly Stack<Func<ValueTask>> _steps = [];

    /// <summary>Takes something that is to be disposed.</summary>
    public T Add<T>(T part)
        where T : class
    {
        _steps.Push(part switch
        {
            IAsyncDisposable later => later.DisposeAsync,
            IDisposable now => () =>
            {
                now.Dispose();
                return ValueTask.CompletedTask;
            },
            _ => throw new ArgumentException($"{part.GetType()} cannot be disposed.", nameof(part)),
        });
        return part;
    }

    /// <summary>Takes a step of its own.</summary>
    public void Add(Action step) => _steps.Push(() =>
    {
        step();
        return ValueTask.CompletedTask;
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        List<Exception> failures = [];
        while (_steps.TryPop(out var step))
        {
            try
            {
                await step().ConfigureAwait(false);
            }
#pragma warning disable CA1031 // One part that does not stop must not keep the others up.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                failures.Add(failure);
            }
        }

        if (failures.Count > 0)
            throw new AggregateException("The controller did not stop cleanly.", failures);
    }
}
