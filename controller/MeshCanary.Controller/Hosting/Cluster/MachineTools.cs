using MeshCanary.Machinery.Events;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace MeshCanary.Controller.Hosting.Cluster;

/// <summary>What the machine works with.</summary>
/// <param name="Authorities">PEM certificates of those who may have signed this controller's, as they are now.</param>
/// <param name="Metrics">Where figures are registered.</param>
/// <param name="Events">Events for people.</param>
/// <param name="Time">The clock.</param>
/// <param name="Loggers">Where logs go.</param>
internal sealed record MachineTools(Func<string> Authorities, MetricFactory Metrics, EventRecorder Events, TimeProvider Time, ILoggerFactory Loggers);
