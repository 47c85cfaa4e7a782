using System.CommandLine;
using MeshCanary.Cli.Client;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Rendering;

namespace MeshCanary.Cli.Commands.Get;

/// <summary><c>get</c>: Canaries as a list or as JSON.</summary>
internal sealed class GetCommand : Command
{
    private readonly Argument<CanaryName?> _name = new("NAME")
    {
        Description = "Name of one Canary, NAME or NAMESPACE/NAME; all without it.",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => result.Tokens.Count == 0 ? null : CanaryName.TryParse(result.Tokens[0].Value),
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "wide for more columns, json for everything.",
        HelpName = "wide|json",
    };

    private readonly Terminal _terminal;
    private readonly GlobalOptions _options;

    public GetCommand(Terminal terminal, GlobalOptions options)
        : base("get", "Lists Canaries: phase, versions, weight and verdict.")
    {
        (_terminal, _options) = (terminal, options);
        _output.AcceptOnlyFromAmong("wide", "json");
        Add(_name);
        Add(_output);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        using var api = _options.Connect(parsed);
        var name = parsed.GetValue(_name);
        var canaries = name is null ? await api.ListAsync(stop) : [await api.GetAsync(name, stop)];
        if (parsed.GetValue(_output) == "json")
        {
            var json = name is null ? ReadableJson.Write(canaries) : ReadableJson.Write(canaries[0]);
            _terminal.Out.WriteLine(json);
            return ExitCode.Success;
        }

        foreach (var line in CanaryList.Lines(canaries, parsed.GetValue(_output) == "wide"))
            _terminal.Out.WriteLine(line);
        // Beside the table, which scripts read.
        foreach (var canary in canaries.Where(canary => canary.Problem is not null))
            _terminal.Error.WriteLine($"warning: {canary.Namespace}/{canary.Name}: {canary.Problem}");
        return ExitCode.Success;
    }
}
