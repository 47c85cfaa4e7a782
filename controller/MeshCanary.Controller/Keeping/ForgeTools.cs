using MeshCanary.Controller.Reconciling;
using MeshCanary.Controller.Recording.Cluster;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Keeping;

/// <summary>What all Canaries of a cluster are reconciled with.</summary>
/// <param name="Ports">Traffic, counts and pods.</param>
/// <param name="Status">Where their state is kept.</param>
/// <param name="Rollouts">Figures of rollouts.</param>
/// <param name="Reconciling">Figures of reconciles.</param>
/// <param name="Time">The clock.</param>
/// <param name="Loggers">Where logs go.</param>
internal sealed record ForgeTools(
    CanaryPorts Ports, StatusTools Status, RolloutMetrics Rollouts, ReconcileMetrics Reconciling, TimeProvider Time, ILoggerFactory Loggers);
