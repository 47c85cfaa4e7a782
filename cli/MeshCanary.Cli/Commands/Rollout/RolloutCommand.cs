using System.CommandLine;
using MeshCanary.Cli.Commands.Status;
using MeshCanary.Cli.Client;
using MeshCanary.Cli.Hosting;
using MeshCanary.Controller.Api;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Cli.Commands.Rollout;

/// <summary><c>rollout</c>: announces the version that should run.</summary>
internal sealed class RolloutCommand : Command
{
    private readonly Argument<CanaryName> _canary = CommonArguments.Name();
    private readonly Option<string[]> _addresses = new("--canary", "-c")
    {
        Description = "Address of an endpoint of the new version, such as http://127.0.0.1:9002. Give it once per endpoint.",
        HelpName = "ADDRESS",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _revision = new("--revision")
    {
        Description = "Name of the version, as it will show everywhere. Without it one is derived from the addresses.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Announce it even when no endpoint answers; the rollout then waits for one that is ready." };
    private readonly Option<bool> _wait = new("--wait", "-w") { Description = "Wait for the end; exit codes as of 'meshcanary status --wait'." };
    private readonly Option<TimeSpan?> _timeout = CommonArguments.Duration("--timeout", "Longest time to wait with --wait, such as 30m. Without it there is no limit.");
    private readonly Terminal _terminal;
    private readonly GlobalOptions _options;

    public RolloutCommand(Terminal terminal, GlobalOptions options)
        : base("rollout", "Announces a new version: it gets a little traffic, is compared with the running one, and is promoted or rolled back.")
    {
        (_terminal, _options) = (terminal, options);
        foreach (var option in (Option[])[_addresses, _revision, _force, _wait, _timeout])
            Add(option);
        Add(_canary);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        using var api = _options.Connect(parsed);
        var name = parsed.GetRequiredValue(_canary);
        // Made here as the server will make it, so that its name is known and a wrong address costs no request.
        var revision = Revision.Create(parsed.GetValue(_revision), parsed.GetRequiredValue(_addresses), out var errors)
            ?? throw new CommandFailure(string.Join(" ", errors), "correct --canary or --revision; see 'meshcanary rollout --help'.", ExitCode.BadUsage);
        await api.AnnounceAsync(name, new RevisionRequest(revision.Name, revision.Addresses), parsed.GetValue(_force), stop);
        _terminal.Out.WriteLine($"{name}: {revision.Name} announced ({string.Join(", ", revision.Addresses)}).");
        if (parsed.GetValue(_wait))
            return await new RolloutWait(api, name, _terminal).UntilSettledAsync(revision, parsed.GetValue(_timeout), stop);
        _terminal.Out.WriteLine($"Follow it with 'meshcanary watch {name}', or wait with 'meshcanary status {name} --wait'.");
        return ExitCode.Success;
    }
}
