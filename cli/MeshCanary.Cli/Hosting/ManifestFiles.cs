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

        return [.. results.Zip(files, (result, file) => result with { Errors = [.. result.Errors, .. Misfits(result, file, [.. results.SelectMany(one => one.Templates)], platform)] })];
    }

    /// <summary>The Canaries of files that must all be valid.</summary>
    /// <exception cref="CommandFailure">One is not; the message holds every fault.</exception>
    public static async Task<IReadOnlyList<CanaryManifest>> RequireAsync(IReadOnlyList<string> files, CancellationToken stop) =>
        (await RequireAllAsync(files, stop).ConfigureAwait(false)).Canaries;

    /// <summary>The Canaries of files that must all be valid, and the metric templates.</summary>
    /// <exception cref="CommandFailure">One is not; the message holds every fault.</exception>
    public static async Task<(IReadOnlyList<CanaryManifest> Canaries, IReadOnlyList<NamedMetricTemplate> Templates)> RequireAllAsync(IReadOnlyList<string> files, CancellationToken stop)
    {
        var results = await ReadAsync(files, stop).ConfigureAwait(false);
        var errors = results.SelectMany(result => result.Errors).ToList();
        if (errors.Count == 0)
            return ([.. results.SelectMany(result => result.Manifests)], [.. results.SelectMany(result => result.Templates)]);
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

    // In a cluster a template may be there already, or come later; without one there is nothing but the files.
    private static IEnumerable<ManifestError> Misfits(ManifestReadResult result, string file, IReadOnlyList<NamedMetricTemplate> templates, Platform platform) =>
        from manifest in result.Manifests
        from metric in manifest.Spec.Analysis.Metrics.Select((source, place) => (Source: source, Place: place))
        where metric.Source.Template is not null
        let path = $"spec.analysis.metrics[{metric.Place}].template"
        let template = templates.FirstOrDefault(known => known.Namespace == manifest.Namespace && known.Name == metric.Source.Template)
        from fault in template is not null
            ? MetricTemplateFit.Faults(metric.Source, manifest.Spec.Analysis.Settings.Metrics[metric.Place].Kind, template.Spec).Select(fault => new ManifestError(file, path, 1, 1, $"of the Canary {manifest.Key}: {fault.TrimEnd('.')}", $"Look at the MetricTemplate {template.Namespace}/{template.Name}"))
            : platform == Platform.Kubernetes
                ? []
                : [new ManifestError(file, path, 1, 1, $"of the Canary {manifest.Key}: there is no MetricTemplate {manifest.Namespace}/{metric.Source.Template} in the files", "Give a file that holds it, or correct the name")]
        select fault;

    private static ManifestError Twice(CanaryManifest manifest, string file, string origin) => new(
        file, "metadata.name", 1, 1, $"the Canary {manifest.Key} is in {origin} already", "Give it another name or namespace, or leave one of the files out");
}
