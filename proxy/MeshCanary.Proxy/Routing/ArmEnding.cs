using System.Diagnostics.CodeAnalysis;

namespace MeshCanary.Proxy.Routing;

/// <summary>
/// Ends the requests that still run on a canary some time after it has left: what streams for hours would otherwise keep
/// users on a version that was rolled back. All requests of the canary listen to one token: that costs each of them a
/// short lock, but only the canary's, and nobody has to keep a list of what runs. Thread-safe.
/// </summary>
/// <param name="limit">Time from the leaving to the end.</param>
/// <param name="time">The clock.</param>
/// <param name="ending">Called when the time is up, just before requests are ended.</param>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and no wait handle, and requests listen to its token at any later time.")]
internal sealed class ArmEnding(TimeSpan limit, TimeProvider time, Action ending)
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _source = new();
    private ITimer? _timer;
    private bool _over;

    /// <summary>Cancelled when requests are to end.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The canary has left; said again, nothing changes.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (!_over)
                _timer ??= time.CreateTimer(_ => End(), state: null, limit, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The canary is there: what runs goes on.</summary>
    /// <returns>False when its requests have been ended: a canary that comes back needs another one.</returns>
    public bool TryStay()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
            return !_over;
        }
    }

    private void End()
    {
        lock (_gate)
        {
            // Back in the last moment.
            if (_timer is null)
                return;
            _timer.Dispose();
            _over = true;
        }

        ending();
        _source.Cancel();
    }
}
