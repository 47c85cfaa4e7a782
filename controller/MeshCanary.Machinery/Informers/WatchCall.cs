using System.Globalization;
using System.Text.Json;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Informers;

/// <summary>Follows a collection from a version on, over one connection after the other.</summary>
/// <param name="cluster">The server, and the clock.</param>
/// <param name="type">What to follow.</param>
/// <param name="scope">Where, and which.</param>
/// <param name="version">The resource version to begin after.</param>
internal sealed class WatchCall(ClusterAccess cluster, ResourceType type, ListScope scope, string version)
{
    /// <summary>The version up to which everything was seen.</summary>
    public string Version { get; private set; } = version;

    /// <summary>How many lines came.</summary>
    public long Lines { get; private set; }

    /// <summary>Watches until the server ends it, something breaks, or nothing comes.</summary>
    /// <param name="lifetime">How long the server shall let it last.</param>
    /// <param name="silence">How long nothing may come.</param>
    /// <param name="changed">Is called with ADDED, MODIFIED, DELETED or BOOKMARK and the object, which dies with the call.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ApiException">It failed; it can go on from <see cref="Version"/>.</exception>
    public async Task<WatchEnd> RunAsync(TimeSpan lifetime, TimeSpan silence, Action<string, JsonElement> changed, CancellationToken cancellation)
    {
        using var quiet = new CancellationTokenSource(Timeout.InfiniteTimeSpan, cluster.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, quiet.Token);
        var request = Request(lifetime);
        try
        {
            using var response = await cluster.Api.OpenAsync(request, cancellation);
            quiet.CancelAfter(silence);
            await using var lines = new LineReader(await response.Content.ReadAsStreamAsync(either.Token));
            while (await lines.ReadAsync(either.Token) is { } line)
            {
                quiet.CancelAfter(silence);
                Lines++;
                Take(request.Call, line.RootElement, changed);
            }

            return WatchEnd.Finished;
        }
        catch (ApiException error) when (error.Kind == ApiErrorKind.Gone)
        {
            return WatchEnd.Expired;
        }
        catch (OperationCanceledException) when (quiet.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return WatchEnd.Silent;
        }
        catch (JsonException error)
        {
            throw new ApiException(ApiErrorKind.Garbled, request.Call, error.Message, error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new ApiException(ApiErrorKind.ServerAway, request.Call, $"the connection broke: {error.Message}", error);
        }
    }

    private void Take(string call, JsonElement line, Action<string, JsonElement> changed)
    {
        var kind = ObjectJson.TextAt(line, "type");
        if (line.ValueKind != JsonValueKind.Object || !line.TryGetProperty("object", out var seen) || seen.ValueKind != JsonValueKind.Object)
            throw new ApiException(ApiErrorKind.Garbled, call, "a line of the watch has no object");
        if (kind == "ERROR")
            throw ApiErrors.Of(call, seen, 500);
        if (kind is not ("ADDED" or "MODIFIED" or "DELETED" or "BOOKMARK"))
            throw new ApiException(ApiErrorKind.Garbled, call, $"a line of the watch is of the unknown type '{kind}'");

        changed(kind, seen);
        // Only now: what was not taken in is asked for again.
        if (ObjectJson.TextAt(seen, "metadata", "resourceVersion") is { Length: > 0 } version)
            Version = version;
    }

    private ApiRequest Request(TimeSpan lifetime) => new("watch", HttpMethod.Get, type.Path(scope.Namespace))
    {
        Type = type,
        Target = scope.Namespace ?? "",
        Query =
        [
            new("watch", "true"), new("allowWatchBookmarks", "true"), new("resourceVersion", Version),
            new("timeoutSeconds", ((long)Math.Max(lifetime.TotalSeconds, 1)).ToString(CultureInfo.InvariantCulture)),
            new("labelSelector", scope.LabelSelector), new("fieldSelector", scope.FieldSelector),
        ],
    };
}
