using MeshCanary.Chart.Tests.Harness;
using MeshCanary.Cli;
using MeshCanary.Cli.Hosting;

namespace MeshCanary.Chart.Tests.Rendering;

public sealed class ReleaseJobTests
{
    [Fact]
    public async Task Job_RunsBeforeAnUninstall_AndEndsItWhenItFails()
    {
        var job = (await Rendered.WithAsync()).The("Job", "mc-meshcanary-release");
        Assert.Equal("pre-delete", (string?)job.At("metadata", "annotations", "helm.sh/hook"));
        Assert.Equal("before-hook-creation,hook-succeeded", (string?)job.At("metadata", "annotations", "helm.sh/hook-delete-policy"));
        Assert.Equal(0, (int?)job.At("spec", "backoffLimit"));
    }

    // Its account and roles are of the release itself, so they are still there when it runs.
    [Fact]
    public async Task Job_HasAnAccountThatMayDeleteCanariesAndNothingElse()
    {
        var rendered = await Rendered.WithAsync();
        var account = (string)rendered.The("Job", "mc-meshcanary-release").Pod!["spec"]!["serviceAccountName"]!;
        Assert.Null(rendered.The("ServiceAccount", account).At("metadata", "annotations", "helm.sh/hook"));
        var bound = rendered.All.Where(manifest => manifest.Kind is "RoleBinding" or "ClusterRoleBinding")
            .Where(binding => (string?)binding.At("subjects")![0]!["name"] == account).Select(binding => (string)binding.At("roleRef", "name")!).ToHashSet(StringComparer.Ordinal);
        var rules = rendered.All.Where(manifest => manifest.Kind is "Role" or "ClusterRole" && bound.Contains(manifest.Name)).SelectMany(role => role.At("rules")!.AsArray());
        Assert.Equal(["canaries", "leases"], rules.SelectMany(rule => rule!["resources"]!.AsArray()).Select(resource => (string)resource!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Job_NotWanted_LeavesNoTrace() =>
        Assert.DoesNotContain((await Rendered.WithAsync("--set", "uninstall.release=false")).All, manifest => manifest.Name.EndsWith("-release", StringComparison.Ordinal));

    // The way of the arguments through the program is cut short where it looks for a cluster.
    [Theory]
    [InlineData("defaults")]
    [InlineData(ValueSets.Confined)]
    public async Task Job_HasArgumentsThatTheProgramTakes(string values)
    {
        var job = (await ValueSets.RenderAsync(values)).The("Job", "mc-meshcanary-release");
        var args = Assert.Single(job.Containers)["args"]!.AsArray().Select(arg => (string)arg!);
        var errors = new StringWriter();
        var terminal = new Terminal { Out = TextWriter.Null, Error = errors };
        var code = await CliApplication.RunAsync([.. args, "--kubeconfig", "absent.yaml"], terminal, TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Error, code);
        Assert.StartsWith("error: There is no file absent.yaml.", errors.ToString(), StringComparison.Ordinal);
    }
}
