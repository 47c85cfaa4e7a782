using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.Specs.Parsing;

namespace MeshCanary.Cli.Hosting;

/// <summary>Reads files with Canaries, all of them before anything is said, so that every fault is told at once.</summary>
internal static class ManifestFiles
{
    /// <summary>Reads the files.</summary>
    /// <returns>One result per file, in order; a Canary that an earlier file holds already is a fault of the later one.</returns>
    public static async Task<IReadOnlyList<ManifestReadResult>> ReadAsync(IReadOnlyList<string> files, CancellationToken stop, Platform platform = Platform.Standalone)
    {
        var results = new List<ManifestReadResult>();
        var origins = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var result = await ReadAsync(file, platform, stop).ConfigureAwait(false);
            foreach (var manifest in result.Manifests)
            {
                if (!origins.TryAdd(manifest.Key, file))
                    result = result with { Errors = [.. result.Errors, Twice(manifest, file, origins[manifest.Key])] };
            }

            results.Add(result);
        }

        return results;
    }

    /// <summary>The Canaries of files that must all be valid.</summary>
    /// <exception cref="CommandFailure">One is not; the message holds every fault.</exception>
    public static async Task<IReadOnlyList<CanaryManifest>> RequireAsync(IReadOnlyList<string> files, CancellationToken stop)
    {
        var results = await ReadAsync(files, stop).ConfigureAwait(false);
        var errors = results.SelectMany(result => result.Errors).ToList();
        if (errors.Count == 0)
            return [.. results.SelectMany(result => result.Manifests)];
        throw new CommandFailure(
            string.Join(Environment.NewLine, ["nothing was started: the Canaries are not valid.", .. errors.Select(error => $"  {error}")]),
            "mend the file and start again; 'meshcanary lint' checks it without starting anything.");
    }

    private static async Task<ManifestReadResult> ReadAsync(string file, Platform platform, CancellationToken stop)
    {
        try
        {
            return Read(await TextFiles.ReadAsync(file, stop).ConfigureAwait(false), file, platform);
        }
        catch (CommandFailure unreadable)
        {
            return new ManifestReadResult([], [new ManifestError(file, "", 1, 1, unreadable.Message.TrimEnd('.'), Capital(unreadable.Remedy.TrimEnd('.')))]);
        }
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static ManifestReadResult Read(string text, string file, Platform platform)
    {
        // A byte that is no text shows up as this replacement; YAML would only complain about what follows from it.
        var bad = text.IndexOf('\uFFFD', StringComparison.Ordinal);
        if (bad < 0)
            return CanaryManifestReader.Read(text, file, platform);
        var before = text.AsSpan(0, bad);
        var column = bad - before.LastIndexOf('\n');
        return new ManifestReadResult([], [new ManifestError(file, "", before.Count('\n') + 1, column, "the file is not UTF-8 text", "Save it as UTF-8, or name a YAML file")]);
    }

    private static ManifestError Twice(CanaryManifest manifest, string file, string origin) => new(
        file, "metadata.name", 1, 1, $"the Canary {manifest.Key} is in {origin} already", "Give it another name or namespace, or leave one of the files out");
}
