using System.Threading.Tasks.Sources;

namespace MeshCanary.Proxy.Transport;

/// <summary>What one caller at a time awaits; used again and again. Started and ended by whoever holds the right to, once each.</summary>
internal sealed class Waiter<T> : IValueTaskSource<T>
{
    private ManualResetValueTaskSourceCore<T> _core;
    private CancellationTokenRegistration _cancelling;

    public ValueTask<T> Start()
    {
        _core.Reset();
        return new ValueTask<T>(this, _core.Version);
    }

    /// <summary>Ends the wait when the token is cancelled. Called by who started it, before it awaits.</summary>
    public void EndWith(CancellationTokenRegistration cancelling) => _cancelling = cancelling;

    /// <summary>Ends the wait; who awaited goes on right here, or on the thread pool.</summary>
    public void Complete(T result, bool elsewhere = false)
    {
        _core.RunContinuationsAsynchronously = elsewhere;
        _core.SetResult(result);
    }

    /// <summary>Ends the wait; who awaited goes on on the thread pool.</summary>
    public void Fail(Exception fault)
    {
        _core.RunContinuationsAsynchronously = true;
        _core.SetException(fault);
    }

    public T GetResult(short token)
    {
        // Before the next wait begins, which it must not end.
        _cancelling.Dispose();
        _cancelling = default;
        return _core.GetResult(token);
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
