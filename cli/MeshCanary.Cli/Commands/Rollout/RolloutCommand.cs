using System.Collections.Immutable;
using System.CommandLine;
using MeshCanary.Cli.Client;
using MeshCanary.Cli.Commands.Status;
using MeshCanary.Cli.Hosting;
using MeshCanary.Controller.Api;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Cli.Commands.Rollout;

/// <summary><c>rollout</c>: announces the version that should run.</summary>
internal sealed class RolloutCommand : Command
{
    private readonly Argument<CanaryName> _canary = CommonArguments.Name();
    private readonly Option<Uri[]> _addresses = new("--canary", "-c")
    {
        Description = "Address of an endpoint of the new version, such as http://127.0.0.1:9002. Give it once per endpoint.",
        HelpName = "ADDRESS",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result => [.. result.Tokens.Select(token => ArgumentParsers.Url(result, token.Value)).OfType<Uri>()],
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
        Add(_canary);
        Add(_addresses);
        Add(_revision);
        Add(_force);
        Add(_wait);
        Add(_timeout);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        using var api = _options.Connect(parsed);
        var name = parsed.GetRequiredValue(_canary);
        var addresses = parsed.GetRequiredValue(_addresses);
        if (!parsed.GetValue(_force))
            await EndpointProbe.RequireAsync(addresses, _terminal.Time, stop);

        var request = new RevisionRequest(parsed.GetValue(_revision), [.. addresses.Select(Plain)]);
        await api.AnnounceAsync(name, request, stop);
        _terminal.Out.WriteLine($"{name}: {request.Revision ?? string.Join(", ", request.Addresses)} announced.");
        if (!parsed.GetValue(_wait))
        {
            _terminal.Out.WriteLine($"Follow it with 'meshcanary watch {name}', or wait with 'meshcanary status {name} --wait'.");
            return ExitCode.Success;
        }

        return await new RolloutWait(api, name, _terminal).UntilSettledAsync(IsAnnounced(request), parsed.GetValue(_timeout), stop);
    }

    private static Func<Revision, bool> IsAnnounced(RevisionRequest request)
    {
        var addresses = request.Addresses.Distinct().Order(StringComparer.Ordinal).ToImmutableArray();
        return revision => request.Revision is { } given
            ? revision.Name == given
            : revision.Addresses.Select(text => Plain(new Uri(text))).Order(StringComparer.Ordinal).SequenceEqual(addresses);
    }

    private static string Plain(Uri address) => address.AbsoluteUri.TrimEnd('/');
}
