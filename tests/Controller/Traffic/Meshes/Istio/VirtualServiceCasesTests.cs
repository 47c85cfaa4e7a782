using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Traffic.Meshes;

namespace MeshCanary.Controller.Tests.Traffic.Meshes.Istio;

/// <summary>
/// VirtualServices of users, one file per case: what is asked for, what is given, and what becomes of it. Set UPDATE_CASES=1 to write what
/// becomes of it now, then look at the difference.
/// </summary>
public sealed class VirtualServiceCasesTests
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true };

    public static TheoryData<string> Cases() => [.. Directory.GetFiles(Folder(), "*.json").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void VirtualService_Case_IsSplitAndRestored(string name)
    {
        var file = Path.Combine(Folder(), $"{name}.json");
        var told = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        var world = new IstioWorld();
        var given = told["given"]!;
        world.Write("VirtualService", "checkout", given);
        var wish = Wish(told);
        var step = world.Settle(wish);
        Assert.True(step.InForce, step.Waits);
        var became = world["VirtualService", "checkout"]!["spec"]!;
        if (Environment.GetEnvironmentVariable("UPDATE_CASES") == "1")
        {
            told["expected"] = became.DeepClone();
            File.WriteAllText(file, told.ToJsonString(Options) + "\n");
        }

        Assert.Equal(told["expected"]?.ToJsonString(Options), became.ToJsonString(Options));
        OnlyDestinationsDiffer(given, became);

        // Whoever applies the manifest again writes past us: it is repaired, and told.
        world.Write("VirtualService", "checkout", given);
        world.Settle(wish);
        Assert.Equal(told["expected"]!.ToJsonString(Options), world["VirtualService", "checkout"]!["spec"]!.ToJsonString(Options));
        Assert.Single(world.Told);

        Assert.True(world.Settle(wish with { Plan = null, ArmServices = wish.ArmServices.Clear() }).InForce);
        Assert.Equal(given.ToJsonString(Options), world["VirtualService", "checkout"]!["spec"]!.ToJsonString(Options));
        Assert.False(world["VirtualService", "checkout"]!["metadata"]!["annotations"] is JsonObject notes && notes.Count > 0);
    }

    private static MeshWish Wish(JsonObject told)
    {
        var asked = told["asked"]!;
        return IstioWorld.Wish(
            asked["weight"]!.GetValue<int>(),
            $$"""{ "virtualServices": [{ "name": "checkout", "routes": {{asked["routes"]?.ToJsonString() ?? "[]"}} }] }""",
            asked["strategy"] is { } strategy ? $", {strategy.ToJsonString()[1..^1]}" : "");
    }

    // Our own routes aside, each route is what it was in all but its destinations and mirrors.
    private static void OnlyDestinationsDiffer(JsonNode given, JsonNode became)
    {
        Assert.Equal(given.AsObject().Select(field => field.Key), became.AsObject().Select(field => field.Key));
        foreach (var (field, value) in given.AsObject())
        {
            if (field is not ("http" or "tls" or "tcp"))
            {
                Assert.Equal(value!.ToJsonString(), became[field]!.ToJsonString());
                continue;
            }

            var theirs = became[field]!.AsArray().Where(route => route!["name"]?.GetValue<string>().StartsWith("meshcanary-", StringComparison.Ordinal) != true);
            Assert.Equal(value!.AsArray().Select(Rest), theirs.Select(Rest));
        }
    }

    private static string Rest(JsonNode? route)
    {
        var rest = route!.DeepClone().AsObject();
        rest.Remove("route");
        rest.Remove("mirrors");
        return rest.ToJsonString();
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "cases");
}
