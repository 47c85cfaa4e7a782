using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Controller.Traffic.Meshes;
using MeshCanary.Controller.Traffic.Meshes.Istio;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs.Parsing;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Controller.Tests.Traffic.Meshes.Istio;

/// <summary>Objects of Istio in a namespace, written as an API server does, for a dialect that forgets everything after each step.</summary>
internal sealed class IstioWorld
{
    public const string Space = "shop";

    private static readonly DateTimeOffset Begin = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly Dictionary<(string Kind, string Name), JsonObject> _objects = [];
    private readonly Dictionary<string, DateTimeOffset> _since = new(StringComparer.Ordinal);
    private readonly IstioDialect _dialect = new();
    private int _version;

    public DateTimeOffset Now { get; private set; } = Begin;

    /// <summary>The version by which Istio is served; null when it is not installed.</summary>
    public string? Served { get; set; } = "v1";

    /// <summary>Every write so far, in words.</summary>
    public List<string> Writes { get; } = [];

    /// <summary>What people were told.</summary>
    public List<string> Told { get; } = [];

    public JsonObject? this[string kind, string name] => _objects.GetValueOrDefault((kind, name));

    public IEnumerable<string> Names(string kind) => _objects.Keys.Where(key => key.Kind == kind).Select(key => key.Name).Order(StringComparer.Ordinal);

    /// <summary>A Canary of the Service checkout with its ports.</summary>
    public static MeshWish Wish(int weight, string router = "{}", string strategy = "", bool canary = true, params MeshPort[] ports)
    {
        var spec = $$"""{ "workload": { "kind": "Deployment", "name": "checkout" }, "service": { "name": "checkout" }, "router": { "type": "istio", "istio": {{router}} }, "analysis": { "source": { "type": "prometheus", "address": "http://prometheus:9090", "preset": "istio" } }, "strategy": { "steps": [{ "weight": 5 }, { "weight": 20 }, { "weight": 50 }]{{strategy}} } }""";
        var read = CanaryManifestReader.ReadObject(JsonSerializer.Deserialize<JsonElement>(spec), Space, "checkout");
        Assert.True(read.IsValid, string.Join('\n', read.Errors.Select(error => error.Said)));
        return new MeshWish(read.Manifests.Single(), "canary-uid", Plan(canary ? weight : -1))
        {
            ArmServices = canary
                ? ImmutableDictionary<string, string>.Empty.Add("aaa", "checkout-mc-aaa").Add("bbb", "checkout-mc-bbb")
                : ImmutableDictionary<string, string>.Empty.Add("aaa", "checkout-mc-aaa"),
            ServicePorts = ports.Length > 0 ? [.. ports] : [new MeshPort(80, "http", "", true)],
        };
    }

    public static TrafficPlan Plan(int weight)
    {
        var stable = new Revision { Name = "aaa", Addresses = [] };
        return weight < 0
            ? new TrafficPlan { Stable = stable }
            : new TrafficPlan { Stable = stable, Canary = new Revision { Name = "bbb", Addresses = [] }, CanaryWeight = new BasisPoints(weight) };
    }

    /// <summary>Somebody makes or replaces an object; its annotations stay, as with kubectl.</summary>
    public void Write(string kind, string name, JsonNode spec)
    {
        if (_objects.TryGetValue((kind, name), out var there))
            there["spec"] = spec.DeepClone();
        else
            _objects[(kind, name)] = new JsonObject { ["apiVersion"] = "networking.istio.io/v1", ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Space, ["uid"] = $"{kind}-{name}" }, ["spec"] = spec.DeepClone() };
        Stamp(_objects[(kind, name)], newSpec: true);
    }

    /// <summary>Istio reports.</summary>
    public void Report(string name, JsonObject status) => this["VirtualService", name]!["status"] = status;

    public void Pass(TimeSpan time) => Now += time;

    public MeshStep Look(MeshWish wish)
    {
        var served = Served is null
            ? ImmutableDictionary<(string, string), ImmutableArray<string>>.Empty
            : ImmutableDictionary<(string, string), ImmutableArray<string>>.Empty
                .Add(("networking.istio.io", "virtualservices"), [Served]).Add(("networking.istio.io", "destinationrules"), [Served]);
        var seen = _objects.Values.Select(json => new RawObject(JsonSerializer.SerializeToElement(json))).ToImmutableArray();
        return _dialect.Next(wish, new MeshView(Now, served, seen) { Since = _since.ToImmutableDictionary() });
    }

    /// <summary>Does what the dialect says until it says nothing more, and waits where it is time that is waited for.</summary>
    public MeshStep Settle(MeshWish wish)
    {
        for (var step = 0; step < 50; step++)
        {
            var next = Look(wish);
            if (next.Write is { } write)
            {
                if (next.Told is { } told)
                    Told.Add(told);
                Do(write);
            }
            else if (next.LookAgainAt is { } at)
            {
                Now = at;
            }
            else
            {
                return next;
            }
        }

        throw new InvalidOperationException($"It never ends: {string.Join('\n', Writes)}");
    }

    /// <summary>Does one write.</summary>
    public void Do(MeshWrite write)
    {
        var key = (write.Type.Kind, write.Key.Name);
        Writes.Add($"{write.GetType().Name} {write.Type.Kind} {write.Key.Name}");
        Assert.Equal(Space, write.Key.Namespace);
        Assert.Equal(Served, write.Type.Version);
        switch (write)
        {
            case MeshWrite.Apply apply:
                var there = _objects.GetValueOrDefault(key);
                var made = apply.Body.DeepClone().AsObject();
                (made["apiVersion"], made["kind"]) = (write.Type.ApiVersion, write.Type.Kind);
                (made["metadata"]!["name"], made["metadata"]!["namespace"], made["metadata"]!["uid"]) = (write.Key.Name, Space, $"{key.Kind}-{key.Name}");
                made["metadata"]!["generation"] = there?["metadata"]!["generation"]?.DeepClone();
                _objects[key] = made;
                Stamp(made, newSpec: !JsonNode.DeepEquals(there?["spec"], made["spec"]));
                break;
            case MeshWrite.Patch patch:
                var next = _objects[key].DeepClone().AsObject();
                Assert.True(Patched.TryApply(next, patch.Changes), $"refused: {patch.Changes}");
                var isNew = !JsonNode.DeepEquals(next["spec"], _objects[key]["spec"]);
                _objects[key] = next;
                Stamp(next, isNew);
                break;
            case MeshWrite.Delete delete:
                Assert.Equal(_objects[key]["metadata"]!["uid"]!.GetValue<string>(), delete.Uid);
                _objects.Remove(key);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(write));
        }
    }

    private void Stamp(JsonObject json, bool newSpec)
    {
        var metadata = json["metadata"]!.AsObject();
        metadata["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
        if (!newSpec)
            return;
        metadata["generation"] = (metadata["generation"]?.GetValue<int>() ?? 0) + 1;
        _since[metadata["uid"]!.GetValue<string>()] = Now;
    }
}
