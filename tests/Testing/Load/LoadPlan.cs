using System.Net;

namespace MeshCanary.Testing.Load;

/// <summary>What load to make.</summary>
/// <param name="Target">Where the requests go.</param>
/// <param name="RequestsPerSecond">The rate of all workers together; positive infinity for as fast as answers come.</param>
public sealed record LoadPlan(Uri Target, double RequestsPerSecond)
{
    /// <summary>How many requests may be in flight at once.</summary>
    public int Workers { get; init; } = 8;

    /// <summary>When a request without an answer counts as lost.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The protocol: 1.1, or 2.0 for h2c with prior knowledge.</summary>
    public Version Protocol { get; init; } = HttpVersion.Version11;

    /// <summary>Adds headers, a path or a body to the n-th request (from 0).</summary>
    public Action<HttpRequestMessage, long>? Prepare { get; init; }
}
