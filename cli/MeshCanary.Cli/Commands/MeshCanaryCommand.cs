using System.CommandLine;
using MeshCanary.Cli.Commands.Act;
using MeshCanary.Cli.Commands.Cluster;
using MeshCanary.Cli.Commands.Crds;
using MeshCanary.Cli.Commands.Demo;
using MeshCanary.Cli.Commands.Events;
using MeshCanary.Cli.Commands.Get;
using MeshCanary.Cli.Commands.Lint;
using MeshCanary.Cli.Commands.Plan;
using MeshCanary.Cli.Commands.Proxy;
using MeshCanary.Cli.Commands.Record;
using MeshCanary.Cli.Commands.Release;
using MeshCanary.Cli.Commands.Replay;
using MeshCanary.Cli.Commands.Rollout;
using MeshCanary.Cli.Commands.Serve;
using MeshCanary.Cli.Commands.Status;
using MeshCanary.Cli.Commands.Watch;
using MeshCanary.Cli.Hosting;

namespace MeshCanary.Cli.Commands;

/// <summary><c>meshcanary</c> with all its commands.</summary>
internal static class MeshCanaryCommand
{
    /// <summary>The root of the command line.</summary>
    public static RootCommand Create(Terminal terminal, GlobalOptions options)
    {
        var root = new RootCommand(
            """
            Exposes a new version of a service to a little real traffic, compares it with the running version, and promotes it or rolls it back.

            Servers:   serve, proxy          Rollouts:  rollout, status, get, watch, events
            People:    pause, resume, approve, reject, abort, retry, promote
            Files:     lint, plan, record, replay       Cluster:   crds, release
            Try it:    demo

            Exit codes: 0 done, 1 failed (standard error says why), 2 bad usage, 130 interrupted (143 by SIGTERM).
            """);
        foreach (var option in options.All)
            root.Add(option);
        Command[] commands =
        [
            new ServeCommand(terminal, options),
            new ProxyCommand(terminal, options),
            new RolloutCommand(terminal, options),
            new StatusCommand(terminal, options),
            new GetCommand(terminal, options),
            new WatchCommand(terminal, options),
            new EventsCommand(terminal, options),
            .. ActCommand.All(terminal, options),
            new LintCommand(terminal),
            new PlanCommand(terminal),
            new RecordCommand(terminal, options),
            new ReplayCommand(terminal),
            new ControllerCommand(terminal, options),
            new CrdsCommand(terminal),
            new ReleaseCommand(terminal),
            new DemoCommand(terminal, options),
        ];
        foreach (var command in commands)
            root.Add(command);
        NotedHelp.Install(root);
        return root;
    }
}
