namespace MeshCanary.Rollouts.Specs;

/// <summary>How an endpoint is asked whether it is ready. Exactly one of <see cref="Path"/> and <see cref="GrpcService"/> is set.</summary>
public sealed record HealthCheckSpec
{
    /// <summary>Path that answers 2xx when the endpoint is ready.</summary>
    public string? Path { get; init; }

    /// <summary>Service that <c>grpc.health.v1.Health/Check</c> is asked for; empty for the server as a whole.</summary>
    public string? GrpcService { get; init; }

    /// <summary>Time from probe to probe; null for the defaults (a second for the controller, two for proxies).</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>Longest time for an answer; null for two seconds.</summary>
    public TimeSpan? Timeout { get; init; }
}
