using MeshCanary.Controller.Api;
using Prometheus;

namespace MeshCanary.Controller.Reconciling;

/// <summary>Figures on what a run exposes, and what proxies did about it.</summary>
internal sealed class ExposureMetrics(MetricFactory factory)
{
    private readonly Gauge _open = factory.CreateGauge("meshcanary_canary_circuits_open", "Proxies that keep the canary out by themselves now.", "canary");
    private readonly Gauge _exposure = factory.CreateGauge("meshcanary_canary_exposure", "The run's exposure budget by resource and figure; NaN where nothing is limited.", "canary", "resource", "figure");
    private readonly Gauge _mirrored = factory.CreateGauge("meshcanary_canary_mirrored", "Copies of stable's requests in the run, by what became of them.", "canary", "outcome");

    /// <summary>All of them, to be forgotten with a Canary.</summary>
    public IEnumerable<Collector<Gauge.Child>> All => [_open, _exposure, _mirrored];

    /// <summary>Shows a Canary.</summary>
    public void Show(string key, CanaryView view)
    {
        _open.WithLabels(key).Set(view.Circuits.Count(circuit => circuit.State != "closed"));
        Show(key, "requests", view.Exposure?.MaxRequests, view.Exposure?.GivenRequests, view.Exposure?.SpentRequests);
        Show(key, "failures", view.Exposure?.MaxFailures, view.Exposure?.GivenFailures, view.Exposure?.SpentFailures);
        var (copies, errors, dropped) = view.Mirrored is { } mirrored ? (mirrored.Copies, mirrored.Errors, mirrored.Dropped) : (0, 0, 0);
        _mirrored.WithLabels(key, "answered").Set(copies - errors);
        _mirrored.WithLabels(key, "failed").Set(errors);
        _mirrored.WithLabels(key, "dropped").Set(dropped);
    }

    private void Show(string key, string resource, long? limit, long? given, long? spent)
    {
        _exposure.WithLabels(key, resource, "limit").Set(limit ?? double.NaN);
        _exposure.WithLabels(key, resource, "given").Set(limit is null ? double.NaN : given ?? 0);
        _exposure.WithLabels(key, resource, "spent").Set(limit is null ? double.NaN : spent ?? 0);
    }
}
