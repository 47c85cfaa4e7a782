using System.Collections.Immutable;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Prometheus.Access;

/// <summary>Reads the credentials that a Canary's source names. Thread-safe.</summary>
internal interface ICredentialReader
{
    /// <summary>Values by key; empty where none are named.</summary>
    /// <exception cref="IOException">They cannot be read; the message says why and what to do, and holds no value.</exception>
    Task<ImmutableDictionary<string, string>> ReadAsync(string @namespace, PrometheusSpec spec, CancellationToken cancellationToken);
}
