using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Tests.Harness;
using MeshCanary.Testing.Files;

namespace MeshCanary.Cli.Tests.Commands;

public sealed class LintCommandTests : IDisposable
{
    private const string Bad =
        """
        apiVersion: meshcanary.io/v1alpha1
        kind: Canary
        metadata: { name: checkout }
        spec:
          workload: { kind: Static, name: checkout, stable: { revision: v1, addresses: [http://127.0.0.1:9001] } }
          service: { name: checkout }
          strategy:
            steps:
              - weight: 25
              - weight: 10
              - weight: 150
          analysis: { intervall: 10s }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("canary.yaml", "default/checkout")]
    [InlineData("canary-full.yaml", "shop/checkout")]
    public async Task Lint_OfAnExample_FindsNothing(string file, string key)
    {
        var run = await CommandRun.OfAsync("lint", Path.Combine(AppContext.BaseDirectory, "Examples", file));
        Assert.Equal((ExitCode.Success, ""), (run.Code, run.Error));
        Assert.Contains($"1 Canary, no errors ({key})", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, ExitCode.Success)]
    [InlineData(false, ExitCode.Error)]
    public async Task Lint_OfADeployment_IsForACluster(bool isForACluster, int code)
    {
        var file = _folder.Write("cluster.yaml", Bad[..Bad.IndexOf("    - weight: 10", StringComparison.Ordinal)].TrimEnd().Replace("kind: Static, name: checkout, stable: { revision: v1, addresses: [http://127.0.0.1:9001] }", "kind: Deployment, name: checkout", StringComparison.Ordinal));
        var run = await CommandRun.OfAsync(isForACluster ? ["lint", "--kubernetes", file] : ["lint", file]);
        Assert.Equal(code, run.Code);
    }

    [Theory]
    [InlineData("", false, "there is no MetricTemplate default/orders in the files")]
    [InlineData("", true, "")]
    [InlineData("totalQuery: sum(all), ", false, "")]
    [InlineData(" ", false, "the template has no totalQuery, which counts need")]
    public async Task Lint_OfAMetricWithATemplate_LooksAtTheTemplateOfAnotherFile(string total, bool isForACluster, string fault)
    {
        var canary = Bad[..Bad.IndexOf("    - weight: 10", StringComparison.Ordinal)].TrimEnd() + "\n  analysis: { metrics: [{ name: orders, template: orders, counts: { harm: { absolute: 1% } } }] }\n";
        if (isForACluster)
            canary = canary.Replace("kind: Static, name: checkout, stable: { revision: v1, addresses: [http://127.0.0.1:9001] }", "kind: Deployment, name: checkout", StringComparison.Ordinal);
        List<string> files = [_folder.Write("canary.yaml", canary)];
        if (total.Length > 0)
            files.Add(_folder.Write("template.yaml", $"apiVersion: meshcanary.io/v1alpha1\nkind: MetricTemplate\nmetadata: {{ name: orders }}\nspec: {{ {total}query: sum(failed), provider: {{ type: prometheus, address: 'http://127.0.0.1:9090' }} }}\n"));
        var run = await CommandRun.OfAsync([.. isForACluster ? (string[])["lint", "--kubernetes"] : ["lint"], .. files]);
        Assert.Equal(fault.Length == 0 ? ExitCode.Success : ExitCode.Error, run.Code);
        Assert.Contains(fault, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lint_OfABadFile_TellsEveryErrorWithPlacePathAndRemedy()
    {
        var file = _folder.Write("bad.yaml", Bad);
        var run = await CommandRun.OfAsync("lint", file);
        Assert.Equal(ExitCode.Error, run.Code);
        Assert.Equal(
            $"""
            error: {file}:10:17: spec.strategy.steps[1].weight: 10% does not rise above the step before it, 25%. Put the steps in order; every weight has to be higher than the last.
            error: {file}:11:17: spec.strategy.steps[2].weight: '150' is not a percentage from 0.01 to 100. Write a percentage such as 12.5.
            error: {file}:12:26: spec.analysis.intervall: unknown field 'intervall'. Did you mean 'interval'?
            3 errors in 1 file.

            """,
            run.Error);
    }

    [Fact]
    public async Task Lint_OfSeveralFiles_ChecksThemAll()
    {
        var good = Path.Combine(AppContext.BaseDirectory, "Examples", "canary.yaml");
        var run = await CommandRun.OfAsync("lint", _folder.Write("bad.yaml", Bad), good);
        Assert.Equal(ExitCode.Error, run.Code);
        Assert.Contains("3 errors in 1 file.", run.Error, StringComparison.Ordinal);
        Assert.Contains("canary.yaml: 1 Canary, no errors", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lint_OfAMissingFileAmongOthers_TellsTheErrorsOfAll()
    {
        var (bad, absent) = (_folder.Write("bad.yaml", Bad), _folder.PathOf("absent.yaml"));
        var run = await CommandRun.OfAsync("lint", bad, absent, bad);
        run.ShouldFail(ExitCode.Error, $"{bad}:10:17: ", $"error: {absent}:1:1: There is no file {absent}. Check the path.", "7 errors in 3 files.");
    }

    [Fact]
    public async Task Lint_OfTheSameCanaryInTwoFiles_NamesBoth()
    {
        var good = Path.Combine(AppContext.BaseDirectory, "Examples", "canary.yaml");
        var copy = _folder.Write("copy.yaml", await File.ReadAllTextAsync(good, TestContext.Current.CancellationToken));
        var run = await CommandRun.OfAsync("lint", good, copy);
        run.ShouldFail(ExitCode.Error, $"{copy}:1:1: metadata.name: the Canary default/checkout is in {good} already.");
    }

    [Theory]
    [InlineData("lint")]
    [InlineData("serve", "-f")]
    [InlineData("replay")]
    public async Task File_ThatDoesNotExist_IsNamed(params string[] command)
    {
        var file = _folder.PathOf("absent.yaml");
        var run = await CommandRun.OfAsync([.. command, file]);
        run.ShouldFail(ExitCode.Error, $"There is no file {file}.", "heck the path");
    }

    [Theory]
    [InlineData("lint")]
    [InlineData("serve", "-f")]
    public async Task File_ThatIsAFolder_IsNamed(params string[] command)
    {
        var run = await CommandRun.OfAsync([.. command, _folder.FullName]);
        run.ShouldFail(ExitCode.Error, _folder.FullName, "it is a folder", "ame a file that you may read");
    }

    [Fact]
    public async Task File_ThatIsNoText_IsRefusedAtThePlace()
    {
        var file = _folder.PathOf("binary.yaml");
        await File.WriteAllBytesAsync(file, [0x61, 0x0a, 0x62, 0xff, 0xfe], TestContext.Current.CancellationToken);
        var run = await CommandRun.OfAsync("lint", file);
        run.ShouldFail(ExitCode.Error, $"{file}:2:2: the file is not UTF-8 text.");
    }

    [Fact]
    public async Task Serve_OfABadFile_StartsNothingAndTellsEveryError()
    {
        var state = _folder.PathOf("state");
        var run = await CommandRun.OfAsync("serve", "-f", _folder.Write("bad.yaml", Bad), "--state", state);
        run.ShouldFail(ExitCode.Error, "nothing was started", "bad.yaml:10:17: spec.strategy.steps[1].weight", "bad.yaml:12:26: spec.analysis.intervall", "remedy: mend the file");
        Assert.False(Directory.Exists(state));
    }

    [Fact]
    public async Task Serve_OfBrokenSyntax_NamesFileAndLine()
    {
        var run = await CommandRun.OfAsync("serve", "-f", _folder.Write("broken.yaml", "kind: Canary\nspec: [1, 2\n"), "--state", _folder.PathOf("state"));
        run.ShouldFail(ExitCode.Error, "broken.yaml:", "is not readable as YAML");
    }
}
