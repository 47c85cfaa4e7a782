using Microsoft.AspNetCore.Http;

namespace MeshCanary.TestCluster.Faults;

/// <summary>A call under way, which another thread may break off until it has ended and not after: its context serves the next.</summary>
/// <param name="context">Its request and answer.</param>
internal sealed class OpenCall(HttpContext context)
{
    private readonly Lock _gate = new();
    private bool _ended;

    /// <summary>Breaks the connection, unless the call has ended.</summary>
    public void Break()
    {
        lock (_gate)
        {
            if (!_ended)
                context.Abort();
        }
    }

    /// <summary>The context is not the call's any more.</summary>
    public void End()
    {
        lock (_gate)
            _ended = true;
    }
}
