using System.Diagnostics;
using MeshCanary.TestCluster.ControlPlane;
using MeshCanary.TestCluster.Isolation;
using MeshCanary.TestCluster.Running;

namespace MeshCanary.Cluster.Tests.Harness;

/// <summary>The real kubectl, as an administrator or as somebody else.</summary>
public sealed class Kubectl : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kubectl");
    private readonly string _space;

    /// <summary>For a namespace.</summary>
    public Kubectl(ClusterNamespace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        _space = space.Name;
        File.WriteAllText(Config, space.Cluster.Admin.Kubeconfig());
    }

    private string Config => Path.Combine(_folder.FullName, "config");

    /// <summary>Runs it.</summary>
    /// <param name="arguments">Its arguments, divided by spaces; <c>-f -</c> reads <paramref name="input"/>.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="more">Further arguments, with whatever is in them.</param>
    public async Task<ToolResult> TryAsync(string arguments, string input = "", params string[] more)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        string[] all = ["--kubeconfig", Config, "--cache-dir", _folder.FullName, "-n", _space, .. arguments.Split(' '), .. more];
        var start = new ProcessStartInfo(Path.Combine(ClusterBinaries.Find(), "kubectl"), all)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var stop = TestContext.Current.CancellationToken;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
        await process.WaitForExitAsync(stop);
        return new ToolResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Runs it, and expects that it succeeds.</summary>
    /// <returns>What it wrote to standard output.</returns>
    public async Task<string> RunAsync(string arguments, string input = "", params string[] more)
    {
        var result = await TryAsync(arguments, input, more);
        Assert.True(result.ExitCode == 0, $"kubectl {arguments}: {result.Errors}");
        return result.Output;
    }

    /// <summary>Runs it, and expects that it is refused.</summary>
    /// <returns>What it wrote to standard error.</returns>
    public async Task<string> RefusedAsync(string arguments, string input = "")
    {
        var result = await TryAsync(arguments, input);
        Assert.True(result.ExitCode != 0, $"kubectl {arguments} was not refused: {result.Output}");
        return result.Errors;
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
