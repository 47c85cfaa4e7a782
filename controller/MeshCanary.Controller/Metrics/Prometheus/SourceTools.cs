using MeshCanary.Controller.Metrics.Prometheus.Access;
using MeshCanary.Controller.Metrics.Prometheus.Asking;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Metrics.Prometheus;

/// <summary>What the source works with.</summary>
/// <param name="Client">Asks.</param>
/// <param name="Credentials">Reads what is shown.</param>
/// <param name="Metrics">Figures.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Where troubles are logged.</param>
internal sealed record SourceTools(PrometheusClient Client, ICredentialReader Credentials, SourceMetrics Metrics, TimeProvider Time, ILogger Logger);
