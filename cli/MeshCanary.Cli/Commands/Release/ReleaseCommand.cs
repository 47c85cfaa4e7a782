using System.CommandLine;
using k8s;
using k8s.Exceptions;
using MeshCanary.Cli.Client;
using MeshCanary.Cli.Hosting;

namespace MeshCanary.Cli.Commands.Release;

/// <summary><c>release</c>: takes Canaries out of a cluster, and ends when each has given back what it changed.</summary>
internal sealed class ReleaseCommand : Command, INoted
{
    private const string FileVariable = "KUBECONFIG";

    private static readonly TimeSpan UsualWait = TimeSpan.FromMinutes(10);

    private readonly Argument<CanaryName[]> _names = new("NAME")
    {
        Description = "Canaries: NAME in namespace 'default', or NAMESPACE/NAME.",
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = result => [.. result.Tokens.Select(token => CanaryName.TryParse(token.Value) ?? Refuse(result, token.Value))],
    };

    private readonly Option<bool> _all = new("--all") { Description = "Every Canary, also those that are made meanwhile." };
    private readonly Option<string[]> _namespaces = new("--namespace", "-n")
    {
        Description = "With --all: only those of this namespace. May be given several times.",
        HelpName = "NAMESPACE",
    };

    private readonly Option<TimeSpan?> _wait = CommonArguments.Duration("--wait", "Longest wait until they are gone. Default: 10m; 0s asks and does not wait.");
    private readonly Option<CanaryName?> _lease = new("--lease")
    {
        Description = "With --all: the controller's Lease, such as meshcanary-system/meshcanary-controller. While this runs, and five minutes more, no Canary is made from annotations.",
        HelpName = "NAMESPACE/NAME",
        CustomParser = result => CanaryName.TryParse(result.Tokens[0].Value) is { } lease && result.Tokens[0].Value.Contains('/', StringComparison.Ordinal)
            ? lease
            : Refuse(result, result.Tokens[0].Value, "a Lease; write NAMESPACE/NAME"),
    };

    private readonly Option<string?> _file = new("--kubeconfig") { Description = $"How the cluster is reached. Default: ${FileVariable}, the account of the pod, or ~/.kube/config.", HelpName = "FILE" };
    private readonly Terminal _terminal;

    public ReleaseCommand(Terminal terminal)
        : base("release", "Takes Canaries out of a Kubernetes cluster: deletes them, and waits until each has given its Service, pods and routes back.")
    {
        _terminal = terminal;
        Add(_names);
        foreach (var option in (Option[])[_all, _namespaces, _wait, _lease, _file])
            Add(option);
        Validators.Add(result =>
        {
            var hasNames = result.GetResult(_names)?.Tokens.Count > 0;
            var hasAll = result.GetResult(_all) is { Implicit: false };
            if (hasNames == hasAll)
                result.AddError("Name the Canaries to release, or give --all.");
            if (!hasAll && (result.GetResult(_namespaces) is not null || result.GetResult(_lease) is not null))
                result.AddError("--namespace and --lease belong to --all.");
        });
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public string Notes { get; } =
        """
        The controller does the work and has to run. A run in flight ends, all traffic goes to the stable version, the Service gets
        its own selector back, and only then the proxies go. Exit code 5: --wait is over and some are still there.
        """;

    private static CanaryName Refuse(System.CommandLine.Parsing.ArgumentResult result, string text, string what = "the name of a Canary; write NAME or NAMESPACE/NAME")
    {
        result.AddError($"'{text}' is not {what}.");
        return new CanaryName("", "");
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        using var client = new Kubernetes(await ConfigurationAsync(parsed.GetValue(_file)));
        var names = parsed.GetValue(_names) is { Length: > 0 } given ? given : null;
        var wait = parsed.GetValue(_wait) ?? UsualWait;
        var lease = parsed.GetValue(_lease);
        var release = new CanaryRelease(new ClusterCanaries(client, parsed.GetValue(_namespaces) ?? []), names, _terminal);
        try
        {
            if (lease is not null)
                await AdoptionPause.BeginAsync(client, lease, wait, _terminal, stop);
            var code = await release.RunAsync(wait, stop);
            if (lease is not null && code != ExitCode.Success)
                await AdoptionPause.EndAsync(client, lease, stop);
            return code;
        }
        catch (Exception error) when (ClusterFault.Of(error) is { } fault)
        {
            throw new CommandFailure($"The cluster at {client.BaseUri} {fault}.", "check address, credentials and permissions, for example with 'kubectl get canaries -A', and run this again.", cause: error);
        }
    }

    private async Task<KubernetesClientConfiguration> ConfigurationAsync(string? given)
    {
        var file = given ?? _terminal.Variable(FileVariable);
        try
        {
            if (file is not { Length: > 0 })
                return KubernetesClientConfiguration.BuildDefaultConfig();
            if (!File.Exists(file))
                throw new CommandFailure($"There is no file {file}.", $"check the path in {(given is null ? FileVariable : "--kubeconfig")}.");
            return await KubernetesClientConfiguration.BuildConfigFromConfigFileAsync(new FileInfo(file));
        }
        catch (Exception error) when (error is KubeConfigException or YamlDotNet.Core.YamlException)
        {
            throw new CommandFailure($"The cluster is not known from {file ?? "~/.kube/config"}: {error.Message}", "give a kubeconfig file with --kubeconfig.", cause: error);
        }
    }
}
