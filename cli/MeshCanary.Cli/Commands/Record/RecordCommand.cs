using System.CommandLine;
using MeshCanary.Cli.Client;
using MeshCanary.Cli.Hosting;

namespace MeshCanary.Cli.Commands.Record;

/// <summary><c>record</c>: downloads a run's verdict record.</summary>
internal sealed class RecordCommand : Command
{
    private readonly Argument<CanaryName> _canary = CommonArguments.Name();
    private readonly Argument<string?> _run = new("RUN")
    {
        Description = "Id of the run; the last one without it.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "File to write; standard output without it.",
        HelpName = "FILE",
    };

    private readonly Terminal _terminal;
    private readonly GlobalOptions _options;

    public RecordCommand(Terminal terminal, GlobalOptions options)
        : base("record", "Downloads the verdict record of a run: all counts, settings and verdicts, to keep or to replay.")
    {
        (_terminal, _options) = (terminal, options);
        Add(_canary);
        Add(_run);
        Add(_output);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        using var api = _options.Connect(parsed);
        var name = parsed.GetRequiredValue(_canary);
        var run = parsed.GetValue(_run) ?? await LastRunAsync(api, name, stop);
        var record = await api.RecordAsync(name, run, stop);
        if (parsed.GetValue(_output) is not { } file)
        {
            _terminal.Out.WriteLine(System.Text.Encoding.UTF8.GetString(record));
            return ExitCode.Success;
        }

        await TextFiles.WriteAsync(file, record, stop);
        _terminal.Out.WriteLine($"{file}: the record of run {run}. Judge it again with 'meshcanary replay {file}'.");
        return ExitCode.Success;
    }

    private static async Task<string> LastRunAsync(ApiClient api, CanaryName name, CancellationToken stop)
    {
        var canary = await api.GetAsync(name, stop);
        return canary.Run?.Id
            ?? throw new CommandFailure($"{name} has not had a run yet, so there is no record.", $"announce a version with 'meshcanary rollout {name} --canary ADDRESS'.");
    }
}
