using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Tests.Harness;
using MeshCanary.Testing.Files;

namespace MeshCanary.Cli.Tests.Commands;

public sealed class CrdsCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Crds_ToAFolderAndToStandardOutput_AreTheSame()
    {
        var shown = await CommandRun.OfAsync("crds");
        Assert.Equal((ExitCode.Success, ""), (shown.Code, shown.Error));
        var folder = _folder.PathOf("new", "crds");
        var written = await CommandRun.OfAsync("crds", "--output", folder);
        Assert.Equal(ExitCode.Success, written.Code);
        string[] names = ["canaries.meshcanary.io.yaml", "metrictemplates.meshcanary.io.yaml"];
        Assert.Equal(names.Select(name => Path.Combine(folder, name)), written.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(string.Join("---\n", names.Select(name => File.ReadAllText(Path.Combine(folder, name)))), shown.Out);
        Assert.Contains("name: canaries.meshcanary.io\n", shown.Out, StringComparison.Ordinal);
    }
}
