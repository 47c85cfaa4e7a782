using System.Collections.Concurrent;
using System.Collections.Immutable;
using MeshCanary.Controller.Metrics.Providers.Secrets;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Prometheus.Access;

/// <summary>Credentials in Secrets, read again after <see cref="Period"/>: a source is asked far more often than its credentials change.</summary>
internal sealed class SecretCredentials(ISecretReader secrets, TimeProvider time) : ICredentialReader
{
    /// <summary>How old what is known may get.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string Space, string Name), (long At, ImmutableDictionary<string, string> Keys)> _known = new();

    /// <inheritdoc/>
    public async Task<ImmutableDictionary<string, string>> ReadAsync(string @namespace, PrometheusSpec spec, CancellationToken cancellationToken)
    {
        if (spec.SecretName is not { } name)
            return ImmutableDictionary<string, string>.Empty;
        if (_known.TryGetValue((@namespace, name), out var known) && time.GetElapsedTime(known.At) < Period)
            return known.Keys;
        var read = await secrets.ReadAsync(@namespace, name, cancellationToken).ConfigureAwait(false);
        if (read.Problem is { } problem)
            throw new IOException($"the credentials that analysis.source.secretRef names cannot be had: {problem}");
        _known[(@namespace, name)] = (time.GetTimestamp(), read.Keys);
        return read.Keys;
    }
}
