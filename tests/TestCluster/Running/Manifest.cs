using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;

namespace MeshCanary.TestCluster.Running;

/// <summary>One object as YAML or JSON, of any kind, custom ones too.</summary>
internal sealed class Manifest
{
    private static readonly HashSet<string> WithoutNamespace =
    [
        "Namespace", "Node", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "MutatingWebhookConfiguration",
        "ValidatingWebhookConfiguration", "PriorityClass", "APIService", "PersistentVolume", "StorageClass",
    ];

    private readonly JsonObject _content;

    private Manifest(JsonObject content) => _content = content;

    /// <summary>The documents of a text.</summary>
    /// <param name="yaml">YAML, with <c>---</c> between documents.</param>
    public static IEnumerable<Manifest> Split(string yaml)
    {
        foreach (var text in yaml.Split("\n---", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var content = JsonSerializer.SerializeToNode(KubernetesYaml.Deserialize<object>(text));
            yield return new Manifest(content as JsonObject ?? throw new ArgumentException($"This is not an object: {text}", nameof(yaml)));
        }
    }

    /// <summary>
    /// Creates it, or merges it into what is there. Not by server-side apply: on Kubernetes 1.20 that refuses a port
    /// without a protocol, which every manifest leaves out.
    /// </summary>
    /// <param name="client">The API server.</param>
    /// <param name="space">The namespace for what has one.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HttpRequestException">The API server refused it; the message says why.</exception>
    public async Task ApplyAsync(Kubernetes client, string space, CancellationToken cancellation)
    {
        var (version, kind) = (Text("apiVersion"), Text("kind"));
        var name = _content["metadata"]?["name"]?.GetValue<string>() ?? throw new ArgumentException($"A {kind} has no name.");
        var root = version.Contains('/', StringComparison.Ordinal) ? $"apis/{version}" : $"api/{version}";
        var place = WithoutNamespace.Contains(kind) ? root : $"{root}/namespaces/{space}";
        var collection = $"/{place}/{Plural(kind)}";

        using var created = await SendAsync(client, HttpMethod.Post, collection, "application/json", cancellation);
        if (created.StatusCode != HttpStatusCode.Conflict)
        {
            await CheckAsync(created, kind, name, cancellation);
            return;
        }

        using var merged = await SendAsync(client, HttpMethod.Patch, $"{collection}/{name}", "application/merge-patch+json", cancellation);
        await CheckAsync(merged, kind, name, cancellation);
    }

    // The typed client has no call for objects of any kind.
    private async Task<HttpResponseMessage> SendAsync(
        Kubernetes client, HttpMethod method, string path, string type, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(client.BaseUri, path));
        request.Content = new StringContent(_content.ToJsonString(), MediaTypeHeaderValue.Parse(type));
        return await client.HttpClient.SendAsync(request, cancellation);
    }

    private static async Task CheckAsync(HttpResponseMessage answer, string kind, string name, CancellationToken cancellation)
    {
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException(
                $"{kind} {name} was refused: {await answer.Content.ReadAsStringAsync(cancellation)}", null, answer.StatusCode);
    }

    private string Text(string field) =>
        _content[field]?.GetValue<string>() ?? throw new ArgumentException($"A document has no {field}: {_content.ToJsonString()}");

    private static string Plural(string kind)
    {
        var lower = kind.ToLowerInvariant();
        return lower[^1] switch
        {
            's' => lower.EndsWith("endpoints", StringComparison.Ordinal) ? lower : lower + "es",
            'y' => lower.EndsWith("gateway", StringComparison.Ordinal) ? lower + "s" : lower[..^1] + "ies",
            _ => lower + "s",
        };
    }
}
