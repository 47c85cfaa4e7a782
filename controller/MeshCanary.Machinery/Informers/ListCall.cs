using System.Globalization;
using System.Text.Json;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Informers;

/// <summary>Reads a whole collection, page by page.</summary>
/// <param name="api">The server.</param>
/// <param name="type">What to list.</param>
/// <param name="scope">Where, and which.</param>
internal sealed class ListCall(KubernetesApi api, ResourceType type, ListScope scope)
{
    /// <summary>Reads pages to the end.</summary>
    /// <param name="pageSize">Objects a page.</param>
    /// <param name="begin">Is called when the list begins, also when it begins again.</param>
    /// <param name="item">Is called for every object; its JSON dies with the page.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The resource version from which a watch sees everything after the list.</returns>
    /// <exception cref="ApiException">It failed.</exception>
    public async Task<string> ReadAsync(int pageSize, Action begin, Action<JsonElement> item, CancellationToken cancellation)
    {
        begin();
        string? token = null;
        while (true)
        {
            JsonDocument page;
            try
            {
                page = await api.ReadAsync(Request(pageSize == 0 ? null : pageSize, token), cancellation);
            }
            catch (ApiException error) when (error.Kind == ApiErrorKind.Gone && token is not null)
            {
                // The snapshot was dropped while we read. Once more in pages might end the same way, so now all at once.
                (token, pageSize) = (null, 0);
                begin();
                continue;
            }

            using (page)
            {
                var root = page.RootElement;
                var version = ObjectJson.TextAt(root, "metadata", "resourceVersion");
                if (version.Length == 0 || !root.TryGetProperty("items", out var items))
                    throw new ApiException(ApiErrorKind.Garbled, $"list {type}", "the answer is no list: it has no items or no metadata.resourceVersion");
                // A collection without objects may have null for items.
                if (items.ValueKind == JsonValueKind.Array)
                {
                    foreach (var each in items.EnumerateArray())
                        item(each);
                }

                token = ObjectJson.TextAt(root, "metadata", "continue");
                if (token.Length == 0)
                    return version;
            }
        }
    }

    private ApiRequest Request(int? limit, string? token) => new("list", HttpMethod.Get, type.Path(scope.Namespace))
    {
        Type = type,
        Target = scope.Namespace ?? "",
        IsIdempotent = true,
        Timeout = TimeSpan.FromMinutes(2),
        Query =
        [
            new("limit", limit?.ToString(CultureInfo.InvariantCulture)), new("continue", token),
            new("labelSelector", scope.LabelSelector), new("fieldSelector", scope.FieldSelector),
        ],
    };
}
