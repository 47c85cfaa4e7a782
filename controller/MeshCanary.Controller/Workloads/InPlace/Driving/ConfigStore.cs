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
            all.Select(pair => pair.Known?.Problem).FirstOrDefault(problem => problem is not null))
        {
            Owners = all.Where(pair => pair.Known?.Owner is not null).ToImmutableDictionary(pair => pair.Reference, pair => pair.Known!.Owner!),
        };
    }

    /// <summary>Learns what a call answered; gives the hash of its contents.</summary>
    public string Learn(string space, ConfigReference reference, JsonElement answered)
    {
        var known = Of(answered);
        _known[(space, reference)] = known;
        return known.Hash!;
    }

    /// <summary>Has an object read anew.</summary>
    public void Forget(string space, ConfigReference reference) => _known.TryRemove((space, reference), out _);

    /// <summary>The type of what is referred to.</summary>
    public static ResourceType TypeOf(ConfigReference reference) =>
        new("", "v1", reference.Kind == ConfigReference.Secret ? "secrets" : "configmaps", reference.Kind);

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
            changed |= before is null || before.Hash != after.Hash || before.Problem != after.Problem || before.Owner != after.Owner;
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
        var type = TypeOf(reference);
        var request = new ApiRequest("get", HttpMethod.Get, type.Path(space, reference.Name)) { Type = type, Target = $"{space}/{reference.Name}", IsIdempotent = true };
        try
        {
            using var answer = await cluster.Api.ReadAsync(request, cancellation);
            return Of(answer.RootElement);
        }
        catch (ApiException missing) when (missing.Kind == ApiErrorKind.NotFound)
        {
            return new Known("", null, null, time.GetTimestamp());
        }
        catch (ApiException failure)
        {
            // What was known holds: a server that is away changes no configuration.
            return new Known(before?.Hash, before?.Hash is null ? $"{reference} cannot be read, so it is not known which revision the template is: {failure.Message}" : null, before?.Owner, time.GetTimestamp());
        }
    }

    private Known Of(JsonElement answered) => new(
        ConfigContents.HashOf(Pairs(answered, "data").Concat(Pairs(answered, "binaryData"))),
        null,
        answered.GetProperty("metadata").TryGetProperty("ownerReferences", out var owners) && owners.ValueKind == JsonValueKind.Array
            ? owners.EnumerateArray().Where(owner => owner.TryGetProperty("controller", out var controls) && controls.ValueKind == JsonValueKind.True).Select(owner => owner.GetProperty("uid").GetString()).FirstOrDefault()
            : null,
        time.GetTimestamp());

    private static IEnumerable<KeyValuePair<string, string>> Pairs(JsonElement root, string name) =>
        root.TryGetProperty(name, out var data) && data.ValueKind == JsonValueKind.Object
            ? data.EnumerateObject().Select(pair => KeyValuePair.Create($"{name}/{pair.Name}", pair.Value.GetString() ?? ""))
            : [];

    private sealed record Known(string? Hash, string? Problem, string? Owner, long At);
}
