using System.CommandLine;
using MeshCanary.Cli.Hosting;
using MeshCanary.Controller.Crds.Generating;

namespace MeshCanary.Cli.Commands.Crds;

/// <summary><c>crds</c>: writes the CustomResourceDefinitions.</summary>
internal sealed class CrdsCommand : Command
{
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Folder to write one file per definition into; without it all go to standard output.",
        HelpName = "DIR",
    };

    private readonly Terminal _terminal;

    public CrdsCommand(Terminal terminal)
        : base("crds", "Writes the CustomResourceDefinitions of MeshCanary's objects, for 'kubectl apply -f -'.")
    {
        _terminal = terminal;
        Add(_output);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        if (parsed.GetValue(_output) is not { } folder)
        {
            await _terminal.Out.WriteAsync(string.Join("---\n", CrdFiles.All.Select(file => file.Value)).AsMemory(), stop);
            return ExitCode.Success;
        }

        Directory.CreateDirectory(folder);
        foreach (var (name, text) in CrdFiles.All)
        {
            var path = Path.Combine(folder, name);
            await File.WriteAllTextAsync(path, text, stop);
            _terminal.Out.WriteLine(path);
        }

        return ExitCode.Success;
    }
}
