using MeshCanary.Cli.Hosting;
using MeshCanary.Controller.Api;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Cli.Commands.Status;

/// <summary>What a pipeline learns of a rollout.</summary>
internal static class RolloutExit
{
    /// <summary>The exit code for where a Canary stands.</summary>
    public static int Of(CanaryView canary) => canary.Phase switch
    {
        Phase.Stable when canary.Run is { Outcome: RunOutcome.RolledBack or RunOutcome.Aborted } => ExitCode.RolledBack,
        Phase.Stable => ExitCode.Success,
        Phase.Failed => ExitCode.RolledBack,
        Phase.Paused => ExitCode.WaitsForPerson,
        _ => ExitCode.UnderWay,
    };
}
