namespace MeshCanary.Controller.Api;

/// <summary>Wakes everybody who waits, as often as it beats.</summary>
internal sealed class Pulse
{
    private volatile TaskCompletionSource _next = New();

    /// <summary>Completes at the next beat. Take it before looking at what it tells of, so that no change falls in between.</summary>
    public Task Next => _next.Task;

    /// <summary>Something changed.</summary>
    public void Beat()
    {
        var now = _next;
        _next = New();
        now.TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
