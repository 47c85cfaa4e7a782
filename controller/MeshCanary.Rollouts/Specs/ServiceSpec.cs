using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace MeshCanary.Rollouts.Specs;

/// <summary>What clients call.</summary>
public sealed record ServiceSpec
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Host names that belong to it, without port; empty for any host.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>On Kubernetes: names or numbers of its ports whose traffic is split; null for all of them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? Ports { get; init; }

    /// <summary>On Kubernetes: kinds of Services that are refused otherwise (<c>headless</c>, <c>clientIP</c>); null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? Allow { get; init; }

    /// <summary>Path prefix that belongs to it.</summary>
    public string PathPrefix { get; init; } = "/";
}
