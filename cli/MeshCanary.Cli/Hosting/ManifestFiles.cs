using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Cli.Hosting;

internal static class ManifestFiles
{
    public static async Task<IReadOnlyList<CanaryManifest>> ReadAsync(IReadOnlyList<string> files, CancellationToken stop)
    {
        await TextFiles.ReadAsync(files[0], stop);
        return [];
    }
}
