using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Prometheus.Access;

/// <summary>
/// Credentials in Secrets, read one by one as they are named, so that the permission to get them is all that is needed; and
/// again after <see cref="Period"/>.
/// </summary>
internal sealed class SecretCredentials(ClusterAccess cluster, TimeProvider time) : ICredentialReader
{
    /// <summary>How old what is known may get.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private static readonly ResourceType Secrets = new("", "v1", "secrets", "Secret");

    private readonly ConcurrentDictionary<(string Space, string Name), (long At, ImmutableDictionary<string, string> Keys)> _known = new();

    /// <inheritdoc/>
    public async Task<ImmutableDictionary<string, string>> ReadAsync(string @namespace, PrometheusSpec spec, CancellationToken cancellationToken)
    {
        if (spec.SecretName is not { } name)
            return ImmutableDictionary<string, string>.Empty;
        if (_known.TryGetValue((@namespace, name), out var known) && time.GetElapsedTime(known.At) < Period)
            return known.Keys;
        var request = new ApiRequest("get", HttpMethod.Get, Secrets.Path(@namespace, name)) { Type = Secrets, Target = $"{@namespace}/{name}", IsIdempotent = true };
        try
        {
            using var answer = await cluster.Api.ReadAsync(request, cancellationToken).ConfigureAwait(false);
            var keys = Keys(answer.RootElement);
            _known[(@namespace, name)] = (time.GetTimestamp(), keys);
            return keys;
        }
        catch (ApiException missing) when (missing.Kind == ApiErrorKind.NotFound)
        {
            throw new IOException($"the Secret {@namespace}/{name} that analysis.source.secretRef names does not exist", missing);
        }
        catch (ApiException failure)
        {
            throw new IOException($"the Secret {@namespace}/{name} that analysis.source.secretRef names cannot be read: {failure.Message.TrimEnd('.')}", failure);
        }
        catch (Exception odd) when (odd is FormatException or DecoderFallbackException)
        {
            throw new IOException($"the Secret {@namespace}/{name} holds what is no text", odd);
        }
    }

    private static ImmutableDictionary<string, string> Keys(JsonElement secret) =>
        secret.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object
            ? data.EnumerateObject().ToImmutableDictionary(pair => pair.Name, pair => Encoding.UTF8.GetString(Convert.FromBase64String(pair.Value.GetString() ?? "")), StringComparer.Ordinal)
            : ImmutableDictionary<string, string>.Empty;
}
