namespace MeshCanary.Testing.Charts;

/// <summary>Finds helm.</summary>
public static class HelmProgram
{
    private const string Variable = "MESHCANARY_HELM";

    private static readonly Lazy<string> Found = new(Find);

    /// <summary>Its path.</summary>
    /// <exception cref="InvalidOperationException">It is nowhere. These tests then fail: a chart that nobody rendered is not tested.</exception>
    public static string Path => Found.Value;

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return File.Exists(given) ? given : throw new InvalidOperationException($"{Variable} names {given}, and there is no such file.");
        var cached = System.IO.Path.Combine(Cache(), "kube-1.20.2", "bin", "helm");
        var candidates = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => System.IO.Path.Combine(folder, "helm")).Prepend(cached);
        return candidates.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException(
            $"The chart cannot be tested: there is no {cached}, and no helm on the PATH. Run 'tests/cluster-build.sh clients', which fetches it, or set {Variable}.");
    }

    private static string Cache()
    {
        if (Environment.GetEnvironmentVariable("MESHCANARY_CACHE") is { Length: > 0 } own)
            return own;
        var shared = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home
            ? home
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return System.IO.Path.Combine(shared, "meshcanary");
    }
}
