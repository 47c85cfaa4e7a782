using System.Text.Json;
using k8s;
using k8s.Autorest;
using MeshCanary.Cluster.Tests.Chart;
using MeshCanary.TestCluster.Running;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Meshes;

/// <summary>
/// The CustomResourceDefinitions of meshes, as their projects publish them: one folder each, below the folder that MESHCANARY_CRDS names.
/// They are not in this repository; docs/testing-on-a-cluster.md says where they come from.
/// </summary>
internal static class MeshCrds
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Installs those of a mesh, if need be.</summary>
    /// <param name="space">The cluster.</param>
    /// <param name="mesh">Name of the folder.</param>
    /// <param name="plural">Plural and group of one of them, that is waited for.</param>
    /// <param name="stop">Ends the wait.</param>
    public static async Task InstallAsync(ClusterNamespace space, string mesh, (string Plural, string Group) plural, CancellationToken stop)
    {
        foreach (var file in Directory.GetFiles(Folder(mesh), "*.yaml").Order(StringComparer.Ordinal))
            await space.ApplyAsync(await File.ReadAllTextAsync(file, stop), stop);
        await Eventually.TrueAsync(() => IsServedAsync(space, plural, stop), Deadline, $"{plural.Plural} are served", cancellation: stop);
    }

    /// <summary>Takes those of a mesh away, with all their objects.</summary>
    public static async Task RemoveAsync(ClusterNamespace space, string mesh, CancellationToken stop)
    {
        foreach (var definition in Directory.GetFiles(Folder(mesh), "*.yaml").SelectMany(file => KubernetesYaml.LoadAllFromFileAsync(file).GetAwaiter().GetResult()).OfType<k8s.Models.V1CustomResourceDefinition>())
        {
            try
            {
                await space.Client.ApiextensionsV1.DeleteCustomResourceDefinitionAsync(definition.Metadata.Name, cancellationToken: stop);
            }
            catch (HttpOperationException missing) when (missing.Response.StatusCode == System.Net.HttpStatusCode.NotFound)
            {
                // It is not there.
            }
        }
    }

    /// <summary>The folder of a mesh's definitions. Where there is none the test is reported as skipped: nothing of it can be run.</summary>
    /// <param name="mesh">Name of the folder.</param>
    public static string Folder(string mesh)
    {
        var root = Environment.GetEnvironmentVariable("MESHCANARY_CRDS") is { Length: > 0 } given ? given : Path.Combine(Beside(), "shared", "crds");
        var folder = Path.GetFullPath(Path.Combine(root, mesh));
        if (!Directory.Exists(folder) || Directory.GetFiles(folder, "*.yaml").Length == 0)
            Assert.Skip($"missing definitions: there are no CustomResourceDefinitions in {folder}. Put those that the project publishes there, or name another folder by MESHCANARY_CRDS; docs/testing-on-a-cluster.md says which.");
        return folder;
    }

    private static async Task<bool> IsServedAsync(ClusterNamespace space, (string Plural, string Group) plural, CancellationToken stop)
    {
        try
        {
            var listed = await space.Client.CustomObjects.ListNamespacedCustomObjectAsync<object>(plural.Group, "v1", space.Name, plural.Plural, cancellationToken: stop);
            return JsonSerializer.SerializeToElement(listed).TryGetProperty("items", out _);
        }
        catch (HttpOperationException missing) when (missing.Response.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    // Beside the repository: they are others' work, and large.
    private static string Beside() => Path.Combine(HelmRelease.Root, "..");
}
