using System.CommandLine;
using MeshCanary.Cli.Hosting;

namespace MeshCanary.Cli.Commands.Lint;

internal sealed class LintCommand : Command
{
    public LintCommand(Terminal terminal)
        : base("lint", "Checks files with Canaries and tells every error with its place and remedy.") => _ = terminal;
}
