using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using MeshCanary.Controller.Workloads.InPlace.Identity;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Workloads.InPlace.Driving;

/// <summary>
/// The contents of ConfigMaps and Secrets, as hashes: nothing else of them is kept. They are read one by one, so that the permission to
/// get them is all that is needed, and again after <see cref="Period"/>. Thread-safe.
/// </summary>
internal sealed class ConfigStore(ClusterAccess cluster, TimeProvider time)
{
    /// <summary>How old what is known may get.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string Space, ConfigReference Reference), Known> _known = new();

    /// <summary>What is known now of some contents.</summary>
    public ConfigContents Look(string space, IEnumerable<ConfigReference> references)
    {
        var all = references.Distinct().Select(reference => (Reference: reference, Known: _known.GetValueOrDefault((space, reference)))).ToList();
        return new ConfigContents(
            all.Where(pair => pair.Known?.Hash is not null).ToImmutableDictionary(pair => pair.Reference, pair => pair.Known!.Hash!),
            all.Select(pair => pair.Known?.Problem).FirstOrDefault(problem => problem is not null));
    }

    /// <summary>Reads what is not known, or was not looked at for long.</summary>
    /// <returns>Whether something is known otherwise than before.</returns>
    public async Task<bool> ReadAsync(string space, IEnumerable<ConfigReference> references, CancellationToken cancellation)
    {
        var changed = false;
        foreach (var reference in references.Distinct())
        {
            var key = (space, reference);
            var before = _known.GetValueOrDefault(key);
            if (before is not null && time.GetElapsedTime(before.At) < Period)
                continue;
            var after = await ReadAsync(space, reference, before, cancellation);
            _known[key] = after;
            changed |= before is null || before.Hash != after.Hash || before.Problem != after.Problem;
        }

        return changed;
    }

    /// <summary>Forgets all of a namespace but what is still used.</summary>
    public void Keep(string space, IReadOnlySet<ConfigReference> used)
    {
        foreach (var key in _known.Keys.Where(key => key.Space == space && !used.Contains(key.Reference)))
            _known.TryRemove(key, out _);
    }

    private async Task<Known> ReadAsync(string space, ConfigReference reference, Known? before, CancellationToken cancellation)
    {
        var type = new ResourceType("", "v1", reference.Kind == ConfigReference.Secret ? "secrets" : "configmaps", reference.Kind);
        var request = new ApiRequest("get", HttpMethod.Get, type.Path(space, reference.Name)) { Type = type, Target = $"{space}/{reference.Name}", IsIdempotent = true };
        try
        {
            using var answer = await cluster.Api.ReadAsync(request, cancellation);
            return new Known(ConfigContents.HashOf(Pairs(answer.RootElement, "data").Concat(Pairs(answer.RootElement, "binaryData"))), null, time.GetTimestamp());
        }
        catch (ApiException missing) when (missing.Kind == ApiErrorKind.NotFound)
        {
            return new Known("", null, time.GetTimestamp());
        }
        catch (ApiException failure)
        {
            // What was known holds: a server that is away changes no configuration.
            return new Known(before?.Hash, before?.Hash is null ? $"{reference} cannot be read, so it is not known which revision the template is: {failure.Message}" : null, time.GetTimestamp());
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Pairs(JsonElement root, string name) =>
        root.TryGetProperty(name, out var data) && data.ValueKind == JsonValueKind.Object
            ? data.EnumerateObject().Select(pair => KeyValuePair.Create($"{name}/{pair.Name}", pair.Value.GetString() ?? ""))
            : [];

    private sealed record Known(string? Hash, string? Problem, long At);
}
