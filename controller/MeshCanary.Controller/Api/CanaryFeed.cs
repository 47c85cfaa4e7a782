using System.Text.Json;

namespace MeshCanary.Controller.Api;

/// <summary>The newest view of one Canary, and word of every change.</summary>
internal sealed class CanaryFeed(TimeProvider time)
{
    private readonly Lock _gate = new();
    private string _json = "";

    // Rises across restarts too: a client that comes back after one is not told that it has seen it all.
    private long _version = time.GetUtcNow().ToUnixTimeMilliseconds();
    private volatile CanaryView? _view;

    /// <summary>The newest view; null before the first reconcile.</summary>
    public CanaryView? View => _view;

    /// <summary>Beats when the view or the decision log changed.</summary>
    public Pulse Changed { get; } = new();

    /// <summary>Publishes that the last view is from before: what came since could not be reconciled.</summary>
    public void Fail(string problem)
    {
        if (_view is { } last)
            Publish(last with { Problem = problem }, told: false);
    }

    /// <summary>Publishes a view; one that shows nothing new keeps the version. <paramref name="told"/> says that the decision log has grown.</summary>
    public void Publish(CanaryView view, bool told)
    {
        lock (_gate)
        {
            // Arrays compare by reference; what people see is the text.
            var json = JsonSerializer.Serialize(view with { Version = 0 }, ApiJson.Options);
            if (json == _json && !told)
                return;
            if (json != _json)
                _view = view with { Version = ++_version };
            _json = json;
        }

        Changed.Beat();
    }
}
