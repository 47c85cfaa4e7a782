using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using MeshCanary.TestCluster.Running;

namespace MeshCanary.Cluster.Tests.Meshes;

/// <summary>
/// Stands in for a gateway's controller: it reports that Gateways are programmed, and on each parent of each route <c>Accepted</c> and <c>ResolvedRefs</c> of
/// the generation that it saw, and remembers the rules of every generation. No data plane follows.
/// </summary>
internal sealed class StandInGateway : IAsyncDisposable
{
    private const string Group = "gateway.networking.k8s.io";
    private const string Name = "example.net/stand-in";

    private readonly ClusterNamespace _space;
    private readonly string _version;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<(string Route, string Rules)> _seen = new();
    private readonly Task _work;

    /// <param name="space">Where it looks.</param>
    /// <param name="version">The version that it speaks.</param>
    public StandInGateway(ClusterNamespace space, string version = "v1")
    {
        (_space, _version) = (space, version);
        _work = WorkAsync(_end.Token);
    }

    /// <summary>Why routes are refused; null while they are accepted. Routes that were reported on are reported on anew.</summary>
    public string? Refusal { get; set; }

    /// <summary>Why the last call failed; null when none has.</summary>
    public string? Problem { get; private set; }

    /// <summary>The rules of every generation that was seen, oldest first, as <c>name:weight</c> of each rule's backends.</summary>
    public IEnumerable<string> Seen(string route) => _seen.Where(seen => seen.Route == route).Select(seen => seen.Rules);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _work;
        _end.Dispose();
    }

    private async Task WorkAsync(CancellationToken end)
    {
        using var pulse = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        try
        {
            while (await pulse.WaitForNextTickAsync(end))
            {
                await LookAsync("gateways", end);
                foreach (var plural in _version == "v1" ? ["httproutes", "grpcroutes"] : new[] { "httproutes" })
                    await LookAsync(plural, end);
            }
        }
        catch (OperationCanceledException)
        {
            // It was told to end.
        }
    }

    private async Task LookAsync(string plural, CancellationToken end)
    {
        try
        {
            var list = JsonSerializer.SerializeToNode(await _space.Client.CustomObjects.ListNamespacedCustomObjectAsync<object>(Group, _version, _space.Name, plural, cancellationToken: end))!;
            foreach (var seen in list["items"]!.AsArray())
                await (plural == "gateways" ? ProgramAsync(seen!, end) : ReportAsync(plural, seen!, end));
        }
        catch (HttpOperationException refused)
        {
            // Not served, or written by somebody else meanwhile: the next look sees it.
            Problem = $"{refused.Message} {refused.Response.Content}";
        }
    }

    private async Task ProgramAsync(JsonNode gateway, CancellationToken end)
    {
        if (gateway["status"]?["conditions"]?.AsArray().Any(one => (string)one!["type"]! == "Programmed" && (string)one["status"]! == "True") == true)
            return;
        var status = new JsonObject
        {
            ["status"] = new JsonObject { ["conditions"] = new JsonArray(Condition((long)gateway["metadata"]!["generation"]!, "Programmed", "True", "Programmed", "by the stand-in")) },
        };
        await PatchAsync("gateways", (string)gateway["metadata"]!["name"]!, status, end);
    }

    private async Task ReportAsync(string plural, JsonNode route, CancellationToken end)
    {
        var (name, generation, accepted) = ((string)route["metadata"]!["name"]!, (long)route["metadata"]!["generation"]!, Refusal is null ? "True" : "False");
        var reported = route["status"]?["parents"]?.AsArray().FirstOrDefault()?["conditions"]?.AsArray()[0];
        if (reported is not null && (long)reported["observedGeneration"]! == generation && (string)reported["status"]! == accepted)
            return;
        if (reported is null || (long)reported["observedGeneration"]! != generation)
            _seen.Enqueue((name, Rules(route)));
        var status = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = (string)route["metadata"]!["resourceVersion"]! },
            ["status"] = new JsonObject
            {
                ["parents"] = new JsonArray([.. route["spec"]!["parentRefs"]!.AsArray().Select(parent => new JsonObject
                {
                    ["parentRef"] = parent!.DeepClone(),
                    ["controllerName"] = Name,
                    ["conditions"] = new JsonArray(
                        Condition(generation, "Accepted", accepted, Refusal is null ? "Accepted" : "UnsupportedValue", Refusal ?? "taken"),
                        Condition(generation, "ResolvedRefs", "True", "ResolvedRefs", "all found")),
                })]),
            },
        };
        await PatchAsync(plural, name, status, end);
    }

    private Task<object> PatchAsync(string plural, string name, JsonObject status, CancellationToken end) => _space.Client.CustomObjects.PatchNamespacedCustomObjectStatusAsync<object>(
        new V1Patch(status.ToJsonString(), V1Patch.PatchType.MergePatch), Group, _version, _space.Name, plural, name, cancellationToken: end);

    private static JsonObject Condition(long generation, string type, string status, string reason, string message) => new()
    {
        ["type"] = type,
        ["status"] = status,
        ["reason"] = reason,
        ["message"] = message,
        ["observedGeneration"] = generation,
        ["lastTransitionTime"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
    };

    private static string Rules(JsonNode route) => string.Join(" | ", route["spec"]!["rules"]!.AsArray().Select(rule =>
        string.Join(' ', (rule!["backendRefs"]?.AsArray() ?? []).Select(one => $"{one!["name"]}:{one["weight"]}"))));
}
