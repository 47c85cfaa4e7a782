using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;
using Prometheus;

namespace MeshCanary.Proxy.Reporting;

/// <summary>The metrics of one revision. One that is idle costs a look.</summary>
internal sealed class RevisionSeries(RevisionCounters counters, RevisionFamilies families)
{
    private readonly RevisionReading _reading = new(counters);
    private readonly List<string[]> _known = [];
    private string[]? _labels;
    private Gauge.Child? _inFlight;

    /// <summary>Brings the metrics up to the counters.</summary>
    public void Update(RouteTable table)
    {
        var arm = ArmIn(table);
        if (_labels?[2] != arm)
            BecomeArm(arm);
        _inFlight!.Set(counters.InFlight);
        if (_reading.Take() is { } counts)
            families.Add(_labels!, counts);
    }

    /// <summary>The revision is gone.</summary>
    public void Remove() => _known.ForEach(families.Remove);

    private void BecomeArm(string arm)
    {
        // A gauge of an arm that it no longer has would stand still for ever.
        if (_labels is not null)
            families.InFlight.RemoveLabelled(_labels);
        _labels = _known.Find(labels => labels[2] == arm) ?? [counters.Route, counters.Revision, arm];
        if (!_known.Contains(_labels))
            _known.Add(_labels);
        _inFlight = families.InFlight.WithLabels(_labels);
    }

    private string ArmIn(RouteTable table)
    {
        table.TryFind(counters.Route, out var route);
        return route?.Stable.Counters == counters ? "stable"
            : route?.Canary?.Counters == counters ? "canary"
            : "retired";
    }
}
