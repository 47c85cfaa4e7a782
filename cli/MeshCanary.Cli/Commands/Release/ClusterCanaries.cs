using System.Net;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace MeshCanary.Cli.Commands.Release;

/// <summary>The Canaries of a cluster, or of some of its namespaces.</summary>
internal sealed class ClusterCanaries(IKubernetes client, IReadOnlyList<string> namespaces)
{
    private const string Group = "meshcanary.io";
    private const string Version = "v1alpha1";
    private const string Plural = "canaries";
    private const int Page = 500;

    /// <summary>All that there are; null when the cluster does not know the kind.</summary>
    public async Task<IReadOnlyList<ClusterCanary>?> ListAsync(CancellationToken stop)
    {
        var found = new List<ClusterCanary>();
        foreach (var space in namespaces.Count == 0 ? [null] : namespaces.Distinct(StringComparer.Ordinal).ToArray<string?>())
        {
            string? next = null;
            do
            {
                JsonElement list;
                try
                {
                    list = space is null
                        ? await client.CustomObjects.ListClusterCustomObjectAsync<JsonElement>(Group, Version, Plural, continueParameter: next, limit: Page, cancellationToken: stop)
                        : await client.CustomObjects.ListNamespacedCustomObjectAsync<JsonElement>(Group, Version, space, Plural, continueParameter: next, limit: Page, cancellationToken: stop);
                }
                catch (HttpOperationException error) when (error.Response.StatusCode == HttpStatusCode.NotFound)
                {
                    return null;
                }

                found.AddRange(list.GetProperty("items").EnumerateArray().Select(Read));
                next = Text(list, "metadata", "continue");
            }
            while (!string.IsNullOrEmpty(next));
        }

        return found;
    }

    /// <summary>Asks for the deletion of one; nothing happens when it is gone already.</summary>
    public async Task DeleteAsync(ClusterCanary canary, CancellationToken stop)
    {
        try
        {
            // Another one of the same name is not meant.
            var only = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = canary.Uid } };
            await client.CustomObjects.DeleteNamespacedCustomObjectAsync<JsonElement>(Group, Version, canary.Namespace, Plural, canary.Name, only, cancellationToken: stop);
        }
        catch (HttpOperationException error) when (error.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // The next look tells what is there now.
        }
    }

    private static ClusterCanary Read(JsonElement item) => new(
        Text(item, "metadata", "namespace") ?? "",
        Text(item, "metadata", "name") ?? "",
        Text(item, "metadata", "uid") ?? "",
        Text(item, "metadata", "deletionTimestamp") is not null,
        Text(item, "status", "waitingFor", "what"));

    private static string? Text(JsonElement item, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(name, out item))
                return null;
        }

        return item.ValueKind == JsonValueKind.String ? item.GetString() : null;
    }
}
