namespace MeshCanary.Controller.Api;

/// <summary>One arm over the last analysed interval. Latencies are of successful requests, in seconds; null without any.</summary>
public sealed record ArmView
{
    /// <summary>Revision that the arm serves.</summary>
    public required string Revision { get; init; }

    /// <summary>Finished requests.</summary>
    public required long Requests { get; init; }

    /// <summary>Of them failed.</summary>
    public required long Errors { get; init; }

    /// <summary>Requests a second.</summary>
    public required double Rate { get; init; }

    /// <summary>Median latency.</summary>
    public double? P50 { get; init; }

    /// <summary>90th percentile.</summary>
    public double? P90 { get; init; }

    /// <summary>99th percentile.</summary>
    public double? P99 { get; init; }

    /// <summary>Endpoints that are ready.</summary>
    public required int ReadyEndpoints { get; init; }

    /// <summary>Endpoints in all.</summary>
    public required int Endpoints { get; init; }
}
