namespace MeshCanary.Controller.Metrics.Prometheus.Access;

/// <summary>How one Prometheus is reached.</summary>
/// <param name="Address">Its address, without the path of its API.</param>
/// <param name="Credentials">What it is shown.</param>
/// <param name="SkipsVerification">Whether any certificate is taken.</param>
/// <param name="Timeout">Longest wait for an answer, tries included.</param>
internal sealed record PrometheusAccess(string Address, PrometheusCredentials Credentials, bool SkipsVerification, TimeSpan Timeout);
