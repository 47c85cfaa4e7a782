using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Metrics.Providers.Secrets;

/// <summary>Reads Secrets one by one, so that the permission to get them is all that is needed. Thread-safe.</summary>
internal sealed class KubernetesSecretReader(ClusterAccess cluster) : ISecretReader
{
    private static readonly ResourceType Secrets = new("", "v1", "secrets", "Secret");

    /// <inheritdoc/>
    public async Task<SecretContents> ReadAsync(string space, string name, CancellationToken cancellationToken)
    {
        var request = new ApiRequest("get", HttpMethod.Get, Secrets.Path(space, name)) { Type = Secrets, Target = $"{space}/{name}", IsIdempotent = true };
        try
        {
            using var answer = await cluster.Api.ReadAsync(request, cancellationToken);
            return new SecretContents(answer.RootElement.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object ? Decode(data) : ImmutableDictionary<string, string>.Empty);
        }
        catch (ApiException missing) when (missing.Kind == ApiErrorKind.NotFound)
        {
            return None($"there is no Secret {space}/{name}. Make it, or name another in secretRef");
        }
        catch (ApiException forbidden) when (forbidden.Kind == ApiErrorKind.Forbidden)
        {
            return None($"the Secret {space}/{name} may not be read. Install with rbac.secrets=true, or let the controller's account get that Secret by a Role of your own");
        }
        catch (ApiException failure)
        {
            return None($"the Secret {space}/{name} cannot be read: {failure.Message}") with { MayPass = failure.IsTransient };
        }
    }

    private static SecretContents None(string problem) => new(ImmutableDictionary<string, string>.Empty, problem);

    // A value that is no text is no credential; it is left out, and missed by name where it is asked for.
    private static ImmutableDictionary<string, string> Decode(JsonElement data)
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var keys = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var pair in data.EnumerateObject().Where(pair => pair.Value.ValueKind == JsonValueKind.String))
        {
            try
            {
                keys[pair.Name] = strict.GetString(pair.Value.GetBytesFromBase64());
            }
            catch (Exception error) when (error is FormatException or DecoderFallbackException)
            {
                continue;
            }
        }

        return keys.ToImmutable();
    }
}
