using MeshCanary.Analysis.Judging.Streams;
using MeshCanary.Analysis.Samples;
using MeshCanary.Analysis.Sequential;

namespace MeshCanary.Analysis.Judging.Endpoints;

/// <summary>
/// One endpoint of the canary: the FAIL evidence as it would be without it, and the evidence that it is worse than the
/// canary's other endpoints.
/// </summary>
internal sealed class EndpointWatch
{
    private readonly MetricStream[] _streams;
    private readonly EvidenceProcess[] _without;
    private readonly EvidenceProcess[] _apart;
    private readonly StableRate[] _others;
    private readonly MeanEvidence _withoutMean;
    private readonly MeanEvidence _apartMean;
    private readonly Tally[] _bad;
    private readonly Tally[] _beyond;

    /// <summary>An endpoint that appears now: until now the evidence without it is all the evidence.</summary>
    public EndpointWatch(string name, MetricStream[] streams, GlobalEvidence global)
    {
        (Name, _streams) = (name, streams);
        _without = Array.ConvertAll(streams, stream => stream.Metric.NewFailProcess());
        _apart = Array.ConvertAll(streams, stream => stream.Metric.NewStandOutProcess());
        _others = Array.ConvertAll(streams, stream => new StableRate { Prior = stream.Metric.Prior });
        for (var m = 0; m < streams.Length; m++)
            _without[m].Follow(streams[m].Fail);
        _withoutMean = global.MeanOf(_without);
        _withoutMean.Restore(global.Highest);
        _apartMean = new MeanEvidence(_apart, [.. global.Weights]);
        (_bad, _beyond) = (new Tally[streams.Length], new Tally[streams.Length]);
    }

    public string Name { get; }

    /// <summary>ln of the FAIL evidence without it, at its highest.</summary>
    public double Without => _withoutMean.Highest;

    /// <summary>ln of the evidence that it is worse than the other endpoints, at its highest.</summary>
    public double Apart => _apartMean.Highest;

    /// <summary>Intervals in a row in which the canary got requests and this endpoint none.</summary>
    public int Absent { get; private set; }

    /// <summary>Takes an interval, before the streams take it: what they knew is what may be used.</summary>
    public void Observe(IntervalSample sample, ReadOnlySpan<EndpointTallies> arms)
    {
        var served = Gather(sample);
        if (sample.Canary.Attempts > 0)
            Absent = served ? 0 : Absent + 1;
        for (var m = 0; m < _streams.Length; m++)
        {
            var noise = _streams[m].Metric.Noise.Value;
            _without[m].Observe(MetricStream.Block(arms[m].Beyond.Without(_beyond[m]), arms[m].Stable), _streams[m].Rate, noise);
            var others = arms[m].Bad.Without(_bad[m]);
            _apart[m].Observe(MetricStream.Block(_bad[m], others), _others[m].Value, noise);
            _others[m].Add(others.Requests, others.Events);
        }

        _withoutMean.Update();
        _apartMean.Update();
    }

    public EndpointState Save() => new()
    {
        Endpoint = Name,
        Absent = Absent,
        HighestWithout = Without,
        HighestApart = Apart,
        Metrics = [.. Enumerable.Range(0, _streams.Length).Select(m =>
            new EndpointMetricState(_without[m].Save(), _apart[m].Save(), _others[m].Requests, _others[m].Events))],
    };

    public void Restore(EndpointState state)
    {
        if (state.Metrics.IsDefault || state.Metrics.Length != _streams.Length)
            throw new ArgumentException($"The saved state of endpoint {state.Endpoint} does not hold the metrics of the settings.", nameof(state));
        for (var m = 0; m < _streams.Length; m++)
        {
            _without[m].Restore(state.Metrics[m].Without);
            _apart[m].Restore(state.Metrics[m].Apart);
            (_others[m].Requests, _others[m].Events) = (state.Metrics[m].OtherRequests, state.Metrics[m].OtherEvents);
        }

        Absent = state.Absent;
        _withoutMean.Restore(state.HighestWithout);
        _apartMean.Restore(state.HighestApart);
    }

    /// <summary>Adds up what it served (a source may name it more than once); whether that is anything.</summary>
    private bool Gather(IntervalSample sample)
    {
        _bad.AsSpan().Clear();
        _beyond.AsSpan().Clear();
        var served = false;
        foreach (var endpoint in sample.CanaryEndpoints)
        {
            if (endpoint.Endpoint != Name)
                continue;
            served |= endpoint.Counts.Attempts > 0;
            for (var m = 0; m < _streams.Length; m++)
            {
                _bad[m] += _streams[m].Metric.Bad(endpoint.Counts);
                _beyond[m] += _streams[m].Metric.BeyondTolerance(endpoint.Counts);
            }
        }

        return served;
    }
}
