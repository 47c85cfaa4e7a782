using System.Text.Json.Serialization;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Rollouts.Specs;

/// <summary>What runs the versions. Kind <c>Static</c>: versions are given as addresses. Kind <c>Deployment</c>: they are its templates.</summary>
public sealed record WorkloadSpec
{
    /// <summary>The kind whose versions are given as addresses: nobody has to run them.</summary>
    public const string Static = "Static";

    /// <summary>Name of the workload provider.</summary>
    public required string Kind { get; init; }

    /// <summary>Name of the workload.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The version that runs when the Canary is first seen (kind <c>Static</c>); later ones are announced. Null for other kinds,
    /// where it is found by adoption.
    /// </summary>
    public Revision? Stable { get; init; }

    /// <summary><see cref="Stable"/> of a kind that is given it.</summary>
    /// <exception cref="InvalidOperationException">The kind finds its stable version by itself.</exception>
    [JsonIgnore]
    public Revision GivenStable => Stable ?? throw new InvalidOperationException($"A workload of kind {Kind} is not given its stable version: it is found by adoption.");

    /// <summary>What is asked of kind <c>Deployment</c>; null for other kinds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DeploymentSpec? Deployment { get; init; }

    /// <summary>Short form of a health check: a path that answers 2xx when an endpoint is ready; empty for none.</summary>
    public string HealthPath { get; init; } = "";

    /// <summary>The health check in full; null for the short form.</summary>
    public HealthCheckSpec? HealthCheck { get; init; }

    /// <summary>How long an arm that gets no new request keeps its pods, for what it still serves; where versions are given as addresses it has none.</summary>
    public TimeSpan? DrainTime { get; init; }

    /// <summary><see cref="DrainTime"/>, or a little more than a proxy gives to streams.</summary>
    [JsonIgnore]
    public TimeSpan Drain => DrainTime ?? TimeSpan.FromSeconds(40);

    /// <summary>The health check, however it was written; null for "accepts a connection".</summary>
    [JsonIgnore]
    public HealthCheckSpec? Check => HealthCheck ?? (HealthPath.Length == 0 ? null : new HealthCheckSpec { Path = HealthPath });
}
