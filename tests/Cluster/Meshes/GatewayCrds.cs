using System.Text.RegularExpressions;
using MeshCanary.Cluster.Tests.Harness;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Meshes;

/// <summary>
/// The definitions of the Gateway API as its project publishes them. They are in the folder <c>gateway-api</c>
/// (see <see cref="MeshCrds"/>).
/// </summary>
internal static partial class GatewayCrds
{
    private const string Group = "gateway.networking.k8s.io";

    private static readonly string[] Plurals = ["gateways", "httproutes", "grpcroutes"];

    /// <summary>Installs them, and waits until they are served.</summary>
    public static async Task InstallAsync(Kubectl kubectl)
    {
        foreach (var plural in Plurals)
        {
            // Not applied: they are too long for what apply keeps, and 1.20 does not know all of their fields. Nor does that take an empty default.
            var definition = await File.ReadAllTextAsync(Path.Combine(MeshCrds.Folder("gateway-api"), $"{Group}_{plural}.yaml"), TestContext.Current.CancellationToken);
            var made = await kubectl.TryAsync("create --validate=false -f -", definition);
            if (made.Errors.Contains("default: Invalid value: \"null\"", StringComparison.Ordinal))
                made = await kubectl.TryAsync("create --validate=false -f -", EmptyDefault().Replace(definition, ""));
            Assert.True(made.ExitCode == 0 || made.Errors.Contains("AlreadyExists", StringComparison.Ordinal), made.Errors);
        }

        foreach (var plural in Plurals)
            await kubectl.RunAsync($"wait --for condition=Established --timeout 60s crd/{plural}.{Group}");
        await ServedAsync(kubectl, v1: true);
    }

    /// <summary>Has the server serve HTTPRoutes and Gateways in <c>v1beta1</c> alone, or in <c>v1</c> too.</summary>
    public static async Task ServeAsync(Kubectl kubectl, bool v1)
    {
        foreach (var plural in Plurals.Where(plural => plural != "grpcroutes"))
            await kubectl.RunAsync($"patch crd {plural}.{Group} --type json -p", more: [$$"""[{"op":"replace","path":"/spec/versions/0/served","value":{{(v1 ? "true" : "false")}}}]"""]);
        await ServedAsync(kubectl, v1);
    }

    private static Task ServedAsync(Kubectl kubectl, bool v1) => Eventually.TrueAsync(
        async () => (await kubectl.TryAsync($"get --raw /apis/{Group}/v1")).Output.Contains("\"httproutes\"", StringComparison.Ordinal) == v1
            && (await kubectl.TryAsync($"get --raw /apis/{Group}/v1beta1")).Output.Contains("\"httproutes\"", StringComparison.Ordinal),
        TimeSpan.FromSeconds(60), $"HTTPRoutes are {(v1 ? "" : "not ")}served in v1", cancellation: TestContext.Current.CancellationToken);

    [GeneratedRegex("^ *default: \"\"\\r?\\n", RegexOptions.Multiline)]
    private static partial Regex EmptyDefault();
}
