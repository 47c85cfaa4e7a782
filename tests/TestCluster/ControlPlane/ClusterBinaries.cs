namespace MeshCanary.TestCluster.ControlPlane;

/// <summary>Finds the programs of the control plane.</summary>
public static class ClusterBinaries
{
    private static readonly string[] Needed = ["etcd", "kube-apiserver", "kube-controller-manager"];

    /// <summary>The folder they are in.</summary>
    /// <exception cref="InvalidOperationException">They are nowhere.</exception>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") is { Length: > 0 } assets)
            return Complete(assets, "KUBEBUILDER_ASSETS names");
        return Complete(Path.Combine(Cache(), "kube-1.20.2", "bin"), "the cache is");
    }

    private static string Complete(string folder, string source)
    {
        var missing = Needed.Where(program => !File.Exists(Path.Combine(folder, program))).ToArray();
        return missing.Length == 0
            ? folder
            : throw new InvalidOperationException(
                $"The test cluster cannot start: {source} {folder}, which has no {string.Join(" and no ", missing)}. "
                + "Run tests/cluster-build.sh, which builds them once, or set KUBEBUILDER_ASSETS to a folder that has them.");
    }

    private static string Cache()
    {
        if (Environment.GetEnvironmentVariable("MESHCANARY_CACHE") is { Length: > 0 } own)
            return own;
        var shared = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home
            ? home
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(shared, "meshcanary");
    }
}
