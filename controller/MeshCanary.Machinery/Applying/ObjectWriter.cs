using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Applying;

/// <summary>
/// Reads and writes single objects of a type under one field manager. Tries again by itself only where that is safe: what the server
/// says it did not do, and calls that may be done twice. Thread-safe.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="type">The type of object.</param>
/// <param name="fieldManager">The name under which fields are owned.</param>
public sealed class ObjectWriter<T>(ClusterAccess cluster, ResourceType type, string fieldManager)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The type of object.</summary>
    public ResourceType Type => type;

    /// <summary>Whether a patch is refused that writes a field which the type does not have; otherwise the server drops the field. Servers before 1.25 drop it.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Reads an object from the server.</summary>
    /// <param name="key">Where it is.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The object, or null when there is none.</returns>
    /// <exception cref="ApiException">The call failed.</exception>
    public async Task<T?> ReadAsync(ObjectKey key, CancellationToken cancellation)
    {
        try
        {
            return await SendAsync(Request("get", HttpMethod.Get, key) with { IsIdempotent = true }, cancellation);
        }
        catch (ApiException error) when (error.Kind == ApiErrorKind.NotFound)
        {
            return null;
        }
    }

    /// <summary>Makes an object.</summary>
    /// <param name="created">The object.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>It as the server has it.</returns>
    /// <exception cref="ApiException">The call failed; AlreadyExists when there is one of that name.</exception>
    public Task<T> CreateAsync(object created, CancellationToken cancellation)
    {
        var body = WithType(created);
        var space = body["metadata"]?["namespace"]?.GetValue<string>() ?? "";
        var request = new ApiRequest("create", HttpMethod.Post, type.Path(space))
        {
            Type = type,
            Target = new ObjectKey(space, body["metadata"]?["name"]?.GetValue<string>() ?? "").ToString(),
            Body = body.ToJsonString(),
            Query = [new("fieldManager", fieldManager)],
        };
        return SendAsync(request, cancellation);
    }

    /// <summary>Replaces an object that has the version of the one given: compare and swap.</summary>
    /// <param name="replacement">The object with <c>metadata.resourceVersion</c>.</param>
    /// <param name="subresource">Such as <c>status</c>, or null.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>It as the server has it.</returns>
    /// <exception cref="ArgumentException">It has no version, so that it would overwrite whatever is there.</exception>
    /// <exception cref="ApiException">The call failed; Conflict when somebody wrote in between.</exception>
    public Task<T> ReplaceAsync(T replacement, string? subresource, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        if (string.IsNullOrEmpty(replacement.Metadata.ResourceVersion))
            throw new ArgumentException($"{ObjectKey.Of(replacement)} has no resourceVersion; replace what was read.", nameof(replacement));
        return SendAsync(
            Request("update", HttpMethod.Put, ObjectKey.Of(replacement), subresource) with { Body = WithType(replacement).ToJsonString() }, cancellation);
    }

    /// <summary>Applies fields: makes the object if need be, and owns what the intent names. Fields that were applied before and are named no longer go.</summary>
    /// <param name="key">Where it is.</param>
    /// <param name="intent">What is intended, without type and name.</param>
    /// <param name="force">Whether fields of other managers are taken over; otherwise they are a Conflict that names them.</param>
    /// <param name="subresource">Such as <c>status</c>, or null.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>It as the server has it.</returns>
    /// <exception cref="ApiException">The call failed.</exception>
    public Task<T> ApplyAsync(ObjectKey key, JsonObject intent, bool force, string? subresource, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(intent);
        var body = Identify(key, intent);
        return SendAsync(
            Patch("application/apply-patch+yaml", key, subresource, body.ToJsonString()) with
            {
                // With the object's uid or version in it a second try is no repetition, but it does no harm either: it is refused.
                IsIdempotent = true,
                Query = [.. Writing, new("force", force ? "true" : "false")],
            },
            cancellation);
    }

    /// <summary>Applies a status, unless all of it is already so.</summary>
    /// <param name="present">The object as it was last seen.</param>
    /// <param name="status">The whole status as intended.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The object as the server has it, or as it was given when nothing had to be written.</returns>
    /// <exception cref="ApiException">The call failed; Conflict when the object changed since it was seen.</exception>
    public Task<T> ApplyStatusAsync(T present, JsonObject status, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(present);
        var intent = new JsonObject { ["status"] = status.DeepClone() };
        if (JsonDifference.IsCovered(intent, present))
            return Task.FromResult(present);
        // The version makes it compare and swap.
        intent["metadata"] = new JsonObject { ["resourceVersion"] = present.Metadata.ResourceVersion };
        return ApplyAsync(ObjectKey.Of(present), intent, force: true, "status", cancellation);
    }

    /// <summary>Patches step by step, all or nothing.</summary>
    /// <param name="key">Where it is.</param>
    /// <param name="patch">The steps.</param>
    /// <param name="subresource">Such as <c>status</c> or <c>scale</c>, or null.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>It as the server has it.</returns>
    /// <exception cref="ApiException">The call failed; Invalid when a test did.</exception>
    public Task<T> PatchAsync(ObjectKey key, JsonPatch patch, string? subresource, CancellationToken cancellation) =>
        SendAsync(Patch("application/json-patch+json", key, subresource, patch.ToString()), cancellation);

    /// <summary>Merges fields in. Lists are replaced, nulls remove.</summary>
    /// <param name="key">Where it is.</param>
    /// <param name="merge">The fields; <c>metadata.resourceVersion</c> in it makes it compare and swap.</param>
    /// <param name="subresource">Such as <c>status</c>, or null.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>It as the server has it.</returns>
    /// <exception cref="ApiException">The call failed.</exception>
    public Task<T> MergeAsync(ObjectKey key, JsonObject merge, string? subresource, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(merge);
        var guarded = merge["metadata"]?["resourceVersion"] is not null;
        return SendAsync(Patch("application/merge-patch+json", key, subresource, merge.ToJsonString()) with { IsIdempotent = !guarded }, cancellation);
    }

    /// <summary>Deletes an object. One that is gone already is fine.</summary>
    /// <param name="key">Where it is.</param>
    /// <param name="options">Under which conditions; null for none.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ApiException">The call failed; Conflict when a condition did.</exception>
    public async Task<bool> DeleteAsync(ObjectKey key, DeleteOptions? options, CancellationToken cancellation)
    {
        try
        {
            // Twice would delete a successor, unless it is told which one is meant.
            var request = Request("delete", HttpMethod.Delete, key) with { Body = (options ?? new()).ToJson(), IsIdempotent = options?.Uid is not null, Query = [] };
            using var answer = await cluster.Api.ReadAsync(request, cancellation);
            return true;
        }
        catch (ApiException error) when (error.Kind == ApiErrorKind.NotFound)
        {
            return false;
        }
    }

    private async Task<T> SendAsync(ApiRequest request, CancellationToken cancellation)
    {
        using var answer = await cluster.Api.ReadAsync(request, cancellation);
        try
        {
            return ObjectJson.Decode<T>(answer.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new ApiException(ApiErrorKind.Refused, request.Call, $"the server's answer does not fit {typeof(T).Name}: {error.Message}", error);
        }
    }

    private ApiRequest Request(string verb, HttpMethod method, ObjectKey key, string? subresource = null) =>
        new(verb, method, type.Path(key.Namespace, key.Name, subresource))
        {
            Type = type,
            Target = subresource is null ? key.ToString() : $"{key}/{subresource}",
            Query = method == HttpMethod.Get ? [] : Writing,
        };

    private KeyValuePair<string, string?>[] Writing =>
        IsStrict ? [new("fieldManager", fieldManager), new("fieldValidation", "Strict")] : [new("fieldManager", fieldManager)];

    private ApiRequest Patch(string contentType, ObjectKey key, string? subresource, string body) =>
        Request("patch", HttpMethod.Patch, key, subresource) with { ContentType = contentType, Body = body };

    private JsonObject WithType(object value)
    {
        var body = JsonNode.Parse(ObjectJson.Encode(value))!.AsObject();
        body["apiVersion"] = type.ApiVersion;
        body["kind"] = type.Kind;
        return body;
    }

    private JsonObject Identify(ObjectKey key, JsonObject intent)
    {
        var body = WithType(intent);
        if (body["metadata"] is not JsonObject metadata)
            body["metadata"] = metadata = [];
        metadata["name"] = key.Name;
        if (type.IsNamespaced)
            metadata["namespace"] = key.Namespace;
        return body;
    }
}
