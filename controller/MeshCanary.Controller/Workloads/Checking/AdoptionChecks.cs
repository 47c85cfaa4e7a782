using System.Collections.Immutable;

namespace MeshCanary.Controller.Workloads.Checking;

/// <summary>
/// Whether a Deployment and its Service can be taken under a Canary without a request being lost. Every problem at once, in the
/// order in which they are best mended. Pure: run it again whenever one of the objects changes.
/// </summary>
internal static class AdoptionChecks
{
    public static ImmutableArray<AdoptionProblem> Run(AdoptionSight sight) =>
    [
        .. DeploymentChecks.Run(sight),
        .. ServiceChecks.Run(sight),
        .. PortChecks.Run(sight),
    ];
}
