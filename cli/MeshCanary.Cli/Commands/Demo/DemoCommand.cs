using System.CommandLine;
using MeshCanary.Cli.Demonstrating;
using MeshCanary.Cli.Hosting;

namespace MeshCanary.Cli.Commands.Demo;

/// <summary><c>demo</c>: the main job on real traffic, on this machine.</summary>
internal sealed class DemoCommand : Command, INoted
{
    private const int StandardRate = 300;
    private const int LeastRate = 50;
    private const int HighestRate = 2000;
    private const string SampleVariable = "MESHCANARY_SAMPLE_SERVICE";
    private const string SampleName = "MeshCanary.SampleService.dll";

    private readonly Option<string> _bad = new("--bad")
    {
        Description = "Announce a bad version instead of a good one: errors (more failures), latency (slower) or flaky (failures in bursts).",
        HelpName = "errors|latency|flaky",
    };

    private readonly Option<bool> _plain = new("--plain") { Description = "Plain lines instead of a live page; also what a pipe or a log gets." };
    private readonly Option<string> _sample = new("--sample-service")
    {
        Description = $"The sample service, an executable or a .dll. Default: ${SampleVariable}, or {SampleName} beside this program. ./demo.sh builds and names it.",
        HelpName = "PATH",
    };

    private readonly Option<int> _rate = new("--rate")
    {
        Description = $"Requests a second, {LeastRate} to {HighestRate}.",
        HelpName = "N",
        DefaultValueFactory = _ => StandardRate,
    };

    private readonly Terminal _terminal;
    private readonly GlobalOptions _options;

    public DemoCommand(Terminal terminal, GlobalOptions options)
        : base("demo", "Shows a rollout on real HTTP traffic on this machine: two versions of a sample service, a controller, a proxy and a bounded load. Takes everything down again.")
    {
        (_terminal, _options) = (terminal, options);
        _bad.AcceptOnlyFromAmong(DemoScenario.BadNames);
        _rate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < LeastRate or > HighestRate)
                result.AddError($"--rate must be {LeastRate} to {HighestRate} requests a second.");
        });
        foreach (var option in (Option[])[_bad, _plain, _sample, _rate])
            Add(option);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public string Notes { get; } =
        """
        Exit codes:
          0    the version fared as it should and no request was lost
          1    it did not, or something failed
          2    bad usage
          130  interrupted; nothing is left running (143: by SIGTERM)
        """;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var scenario = DemoScenario.All.Single(each => each.Name == (parsed.GetValue(_bad) ?? ""));
        var isLive = _terminal.IsInteractive && !parsed.GetValue(_plain);
        using var loggers = LogOutput.Create(_terminal, _options.Level(parsed));
        var options = new DemoOptions(scenario, SampleService(parsed), parsed.GetValue(_rate), isLive);
        var terminal = isLive ? _terminal : _terminal with { IsInteractive = false };
        try
        {
            return await new DemoRun(options, terminal, loggers).PlayAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            _terminal.Error.WriteLine("Interrupted. Both versions, the proxy and the controller are stopped; nothing is left running.");
            return ExitCode.Interrupted;
        }
    }

    private string SampleService(ParseResult parsed)
    {
        var path = parsed.GetValue(_sample) ?? _terminal.Variable(SampleVariable) ?? Path.Combine(AppContext.BaseDirectory, SampleName);
        return File.Exists(path)
            ? Path.GetFullPath(path)
            : throw new CommandFailure($"The sample service is not at {path}.", "run ./demo.sh, which builds it, or name it with --sample-service PATH.");
    }
}
