using System.CommandLine;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Rendering;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Cli.Commands.Lint;

/// <summary><c>lint</c>: checks files without starting anything.</summary>
internal sealed class LintCommand : Command
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "YAML files with Canaries.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _kubernetes = new("--kubernetes")
    {
        Description = "The Canaries are meant for a cluster: their workloads are Deployments.",
    };

    private readonly Terminal _terminal;

    public LintCommand(Terminal terminal)
        : base("lint", "Checks files with Canaries and tells every error with its file, line, path and remedy. Exit code 1 when there is one.")
    {
        _terminal = terminal;
        Add(_files);
        Add(_kubernetes);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var files = parsed.GetRequiredValue(_files);
        var results = await ManifestFiles.ReadAsync(files, stop, parsed.GetValue(_kubernetes) ? Platform.Kubernetes : Platform.Standalone);
        var errors = 0;
        foreach (var (file, result) in files.Zip(results))
        {
            errors += result.Errors.Length;
            foreach (var error in result.Errors)
                _terminal.Error.WriteLine($"error: {error}");
            if (result.IsValid)
                _terminal.Out.WriteLine($"{file}: {Figures.Many(result.Manifests.Length, "Canary", "Canaries")}, no errors ({string.Join(", ", result.Manifests.Select(manifest => manifest.Key))})");
        }

        if (errors == 0)
            return ExitCode.Success;
        _terminal.Error.WriteLine($"{Figures.Many(errors, "error")} in {Figures.Many(results.Count(result => !result.IsValid), "file")}.");
        return ExitCode.Error;
    }
}
