using k8s.Models;
using MeshCanary.TestCluster.Images;
using MeshCanary.TestCluster.Isolation;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>Starts a container's process, and further ones in it.</summary>
/// <param name="scope">Its pod.</param>
/// <param name="container">The container.</param>
internal sealed class ContainerLauncher(PodScope scope, V1Container container)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>Starts the container and waits until it is in its root folder, or has ended.</summary>
    /// <param name="image">Its image.</param>
    /// <param name="attempt">Counts its starts; each has a root folder of its own.</param>
    /// <param name="cancellation">Ends the preparations.</param>
    /// <exception cref="ConfigurationException">Something it refers to is missing.</exception>
    public async Task<LoggedProcess> StartAsync(Image image, int attempt, CancellationToken cancellation)
    {
        var pod = scope.Pod;
        var variables = await new ContainerEnvironment(pod, scope.Sandbox.Address, scope.Reader)
            .BuildAsync(container, image, cancellation);
        var folder = Path.Combine(scope.Parts.PodFolder(pod.Metadata.Uid), container.Name, $"{attempt}");
        Directory.CreateDirectory(folder);
        var script = ContainerScript.Write(folder, pod, container, image, scope.Volumes, scope.Sandbox.Address);
        var log = scope.Parts.LogFile(pod.Metadata.NamespaceProperty, pod.Metadata.Name, container.Name);
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        var process = LoggedProcess.Start(
            ["nsenter", $"--net={scope.Sandbox.Path}", "unshare", "--mount", "--uts", "/bin/sh", script, .. Command(image, variables)],
            log, variables);
        await InsideAsync(process, cancellation);
        return process;
    }

    // Until the script has entered its root folder, whatever joins the process would join the machine.
    private async Task InsideAsync(LoggedProcess process, CancellationToken cancellation)
    {
        try
        {
            while (!process.Exit.IsCompleted && Directory.ResolveLinkTarget($"/proc/{process.Id}/root", false)?.FullName is null or "/")
                await Task.Delay(Look, scope.Parts.Time, cancellation);
        }
        catch (IOException)
        {
            // It has ended already.
        }
        catch (OperationCanceledException)
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command in a container that runs.</summary>
    /// <param name="process">The container's process.</param>
    /// <param name="command">The command.</param>
    /// <param name="cancellation">Kills it.</param>
    public static async Task<ToolResult> ExecAsync(LoggedProcess process, IEnumerable<string> command, CancellationToken cancellation)
    {
        // Its own variables are those of the container's process, which /proc keeps.
        var variables = (await File.ReadAllTextAsync($"/proc/{process.Id}/environ", cancellation))
            .Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return await Tools.RunAsync(null, "nsenter",
            [$"--target={process.Id}", "--mount", "--net", "--uts", "--root", "--wd", "env", "-i", .. variables, .. command], cancellation);
    }

    private IEnumerable<string> Command(Image image, IReadOnlyDictionary<string, string> variables)
    {
        IEnumerable<string> all = container switch
        {
            { Command.Count: > 0 } => [.. container.Command, .. container.Args ?? []],
            { Args.Count: > 0 } => [.. image.Entrypoint, .. container.Args],
            _ => [.. image.Entrypoint, .. image.Arguments],
        };
        return all.Select(word => ContainerEnvironment.Expand(word, variables));
    }
}
