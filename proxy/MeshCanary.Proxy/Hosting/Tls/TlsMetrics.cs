using Prometheus;

namespace MeshCanary.Proxy.Hosting.Tls;

/// <summary>What is to be known of certificates before clients find out.</summary>
internal sealed class TlsMetrics
{
    private readonly CertificateStore _store;
    private readonly Gauge _expiry;
    private readonly Counter _failures;

    public TlsMetrics(CollectorRegistry registry, CertificateStore store)
    {
        _store = store;
        var metrics = Metrics.WithCustomRegistry(registry);
        _expiry = metrics.CreateGauge("meshcanary_proxy_certificate_expiry_timestamp_seconds", "When a certificate in force ends, in seconds since 1970.", "file");
        _failures = metrics.CreateCounter("meshcanary_proxy_certificate_reload_failures_total", "Changes of TLS files that could not be used; what was before stayed in force.");
        registry.AddBeforeCollectCallback(Update);
    }

    private void Update()
    {
        _failures.IncTo(_store.Failures);
        var certificates = _store.Current?.Certificates.All ?? [];
        foreach (var certificate in certificates)
            _expiry.WithLabels(certificate.Source).Set(certificate.Expires.ToUnixTimeSeconds());
        foreach (var labels in _expiry.GetAllLabelValues().Where(labels => certificates.All(it => it.Source != labels[0])).ToList())
            _expiry.RemoveLabelled(labels);
    }
}
