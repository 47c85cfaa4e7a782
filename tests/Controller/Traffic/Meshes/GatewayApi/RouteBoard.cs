using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Traffic.Meshes;
using MeshCanary.Controller.Traffic.Meshes.GatewayApi;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.Specs.Parsing;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Controller.Tests.Traffic.Meshes.GatewayApi;

/// <summary>Routes as an API server keeps them, the dialect that writes them, and a controller that reports on them when it is told to.</summary>
internal sealed class RouteBoard
{
    public const string Reporter = "example.net/gateway";

    private const string Group = "gateway.networking.k8s.io";

    private static readonly (string Kind, string Plural)[] Known = [("HTTPRoute", "httproutes"), ("GRPCRoute", "grpcroutes"), ("Gateway", "gateways")];

    private readonly GatewayApiDialect _dialect = new();
    private readonly Dictionary<(string Kind, ObjectKey Key), JsonObject> _objects = [];
    private int _version;

    public RouteBoard(string parameters = """{ "routes": [{ "name": "checkout" }] }""", string strategy = "", string service = "") => Ask(parameters, strategy, service);

    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public string Version { get; set; } = "v1";

    public ImmutableArray<string> Missing { get; set; } = [];

    public ImmutableArray<MeshWrite> Writes { get; private set; } = [];

    /// <summary>What is written.</summary>
    public CanaryManifest Manifest { get; private set; } = null!;

    /// <summary>Ports that are split.</summary>
    public ImmutableArray<int> Ports { get; set; } = [80];

    /// <summary>The Services of single revisions that there are, beside those of v1 and v2.</summary>
    public ImmutableDictionary<string, string> Arms { get; set; } = ImmutableDictionary<string, string>.Empty.Add("v1", "checkout-mc-v1").Add("v2", "checkout-mc-v2");

    public void Ask(string parameters, string strategy = "", string service = "")
    {
        var read = CanaryManifestReader.ReadObject(
            JsonSerializer.Deserialize<JsonElement>($$"""{ "workload": { "kind": "Deployment", "name": "checkout" }, "service": { "name": "checkout"{{service}} }, "router": { "type": "gatewayApi", "gatewayApi": {{parameters}} }, "analysis": { "source": { "type": "prometheus", "address": "http://prometheus:9090", "preset": "istio" } }, "strategy": { "steps": [{ "weight": 10 }]{{strategy}} } }"""),
            "shop",
            "checkout");
        Assert.Empty(read.Errors);
        Manifest = read.Manifests.Single();
    }

    public JsonObject this[string kind, string name] => _objects[(kind, new ObjectKey("shop", name))];

    public bool Has(string kind, string name) => _objects.ContainsKey((kind, new ObjectKey("shop", name)));

    /// <summary>Somebody makes an object, or writes it anew.</summary>
    public void Put(string json)
    {
        var body = JsonNode.Parse(json)!.AsObject();
        body["metadata"]!["namespace"] ??= "shop";
        Store(body["kind"]!.GetValue<string>(), new ObjectKey(body["metadata"]!["namespace"]!.GetValue<string>(), body["metadata"]!["name"]!.GetValue<string>()), body);
    }

    /// <summary>Somebody changes an object.</summary>
    public void Change(string kind, string name, Action<JsonObject> change)
    {
        var body = this[kind, name].DeepClone().AsObject();
        change(body);
        Store(kind, new ObjectKey("shop", name), body);
    }

    /// <summary>The controller reports on all parents of a route as it is now.</summary>
    public void Report(string kind = "HTTPRoute", string name = "checkout", string accepted = "True", string resolved = "True", int behind = 0)
    {
        var route = this[kind, name];
        var generation = route["metadata"]!["generation"]!.GetValue<long>() - behind;
        JsonObject Condition(string type, string status) => new() { ["type"] = type, ["status"] = status, ["reason"] = status == "True" ? type : "NotThatOne", ["message"] = status == "True" ? "" : "because", ["observedGeneration"] = generation };
        route["status"] = new JsonObject
        {
            ["parents"] = new JsonArray([.. route["spec"]!["parentRefs"]!.AsArray().Select(parent => new JsonObject
            {
                ["parentRef"] = parent!.DeepClone(),
                ["controllerName"] = Reporter,
                ["conditions"] = new JsonArray(Condition("Accepted", accepted), Condition("ResolvedRefs", resolved)),
            })]),
        };
    }

    /// <summary>One look.</summary>
    public MeshStep Look(TrafficPlan? plan) => _dialect.Next(
        new MeshWish(Manifest, "canary-uid", plan) { ArmServices = Arms, ServicePorts = [.. Ports.Select(port => new MeshPort(port, "", "", IsSplit: true)), new MeshPort(9090, "admin", "", IsSplit: false)] },
        new MeshView(
            Now,
            Known.Where(one => !Missing.Contains(one.Kind) && (Version == "v1" || one.Kind != "GRPCRoute")).ToImmutableDictionary(one => (Group, one.Plural), _ => ImmutableArray.Create(Version)),
            [.. _objects.Values.Select(one => new RawObject(JsonSerializer.Deserialize<JsonElement>(one.ToJsonString())))]));

    /// <summary>Looks and writes until nothing is to be written any more, as a controller does that forgets everything after each call.</summary>
    public MeshStep Run(TrafficPlan? plan, bool reports = true)
    {
        for (var writes = 0; writes < 20; writes++)
        {
            var step = Look(plan);
            if (step.Write is { } write)
                Do(write);
            else if (step.LookAgainAt is { } at && at > Now)
                Now = at;
            else
                return step;
            if (reports && step.Write is not MeshWrite.Delete and { } on)
                Report(on.Type.Kind, on.Key.Name);
        }

        throw new InvalidOperationException($"It never comes to rest: {Look(plan)}");
    }

    public static TrafficPlan Plan(int weight = 0, string stable = "v1", string? canary = null) => new()
    {
        Stable = new Revision { Name = stable, Addresses = [] },
        Canary = canary is null ? null : new Revision { Name = canary, Addresses = [] },
        CanaryWeight = new BasisPoints(weight),
    };

    /// <summary>Names and weights of the backends of a rule.</summary>
    public static string Weights(JsonNode? rule) =>
        string.Join(" ", rule!["backendRefs"]!.AsArray().Select(one => $"{one!["name"]}:{one["weight"]}"));

    public void Do(MeshWrite write)
    {
        Writes = Writes.Add(write);
        Assert.Equal(Version, write.Type.Version);
        switch (write)
        {
            case MeshWrite.Delete delete:
                Assert.Equal(_objects[(write.Type.Kind, write.Key)]["metadata"]!["uid"]!.GetValue<string>(), delete.Uid);
                _objects.Remove((write.Type.Kind, write.Key));
                break;
            case MeshWrite.Apply apply:
                var body = apply.Body.DeepClone().AsObject();
                (body["apiVersion"], body["kind"]) = (apply.Type.ApiVersion, apply.Type.Kind);
                (body["metadata"]!["name"], body["metadata"]!["namespace"]) = (apply.Key.Name, apply.Key.Namespace);
                Store(write.Type.Kind, write.Key, body);
                break;
            case MeshWrite.Patch patch:
                var next = _objects[(write.Type.Kind, write.Key)].DeepClone().AsObject();
                Assert.All(JsonNode.Parse(patch.Changes.ToString())!.AsArray(), step => JsonSteps.Do(next, step!.AsObject()));
                Store(write.Type.Kind, write.Key, next);
                break;
        }
    }

    private void Store(string kind, ObjectKey key, JsonObject body)
    {
        var before = _objects.GetValueOrDefault((kind, key));
        var metadata = body["metadata"]!.AsObject();
        var isSame = before is not null && JsonNode.DeepEquals(before["spec"], body["spec"]);
        metadata["generation"] = (before?["metadata"]!["generation"]!.GetValue<long>() ?? 0) + (isSame ? 0 : 1);
        metadata["resourceVersion"] = $"{++_version}";
        metadata["uid"] = before?["metadata"]!["uid"]!.GetValue<string>() ?? $"uid-{_version}";
        if (before?["status"] is { } status)
            body["status"] = status.DeepClone();
        _objects[(kind, key)] = body;
    }
}
