namespace MeshCanary.Functional.Tests.Sources;

/// <summary>Finds a real Prometheus.</summary>
internal static class PrometheusProgram
{
    private const string Variable = "MESHCANARY_PROMETHEUS";

    /// <summary>Its path.</summary>
    /// <exception cref="InvalidOperationException">It is nowhere. These tests then fail: a source that was asked nothing real is not tested.</exception>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return File.Exists(given) ? given : throw new InvalidOperationException($"{Variable} names {given}, and there is no such file.");
        var cached = Path.Combine(Cache(), "prometheus", "usr", "bin", "prometheus");
        var candidates = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "prometheus")).Prepend(cached);
        return candidates.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException(
            $"There is no {cached}, and no prometheus on the PATH. Run tests/prometheus-fetch.sh, which fetches it, or set {Variable}.");
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
