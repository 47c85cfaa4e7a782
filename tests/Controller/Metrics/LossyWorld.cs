using System.Collections.Immutable;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Tests.Metrics;

/// <summary>Two proxies, a source that may be lost at any time, and what was stored of it.</summary>
internal sealed class LossyWorld
{
    private const string Key = "shop/checkout";

    private readonly FakeTimeProvider _time = new();
    private readonly DateTimeOffset _start;
    private readonly SortedDictionary<long, Wire.IntervalReport>[] _kept = [[], []];
    private readonly long[] _sequences = [0, 0];
    private ImmutableDictionary<string, long> _folded = ImmutableDictionary<string, long>.Empty;
    private DateTimeOffset _countedThrough;
    private ProxyMetricSource _source;

    public LossyWorld()
    {
        _start = _countedThrough = _time.GetUtcNow();
        _source = Restart();
    }

    /// <summary>Requests that the proxies reported.</summary>
    public long Sent { get; private set; }

    /// <summary>Requests in the windows that were stored.</summary>
    public long Settled { get; private set; }

    public void Do(int step, int proxy)
    {
        switch (step)
        {
            case 0:
                _time.Advance(TimeSpan.FromSeconds(1));
                break;
            case 1 or 2:
                Send(proxy);
                break;
            case 3:
                Reconnect(proxy);
                break;
            case 4:
                Store();
                break;
            default:
                _source = Restart();
                break;
        }
    }

    /// <summary>All of it arrives and is stored.</summary>
    public void Drain()
    {
        for (var round = 0; round < 30; round++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Reconnect(0);
            Reconnect(1);
            Store();
        }
    }

    private void Send(int proxy)
    {
        var requests = 10 + (int)(Sent % 7);
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var report = new Wire.IntervalReport { Sequence = (ulong)++_sequences[proxy], StartUnixMs = now - 1000, EndUnixMs = now };
        report.Routes.Add(Counts.Only(Key, "v1", requests));
        // Before the anchor nothing counts.
        if (_time.GetUtcNow() > _start)
            Sent += requests;
        _kept[proxy][_sequences[proxy]] = report;
        _source.Accept($"p{proxy}", report);
    }

    private void Reconnect(int proxy)
    {
        _source.Disconnected($"p{proxy}");
        _source.Connected($"p{proxy}", $"p{proxy}", sequence => Receipt(proxy, sequence));
        foreach (var report in _kept[proxy].Values.ToList())
            _source.Accept($"p{proxy}", report);
    }

    private void Receipt(int proxy, long sequence)
    {
        foreach (var done in _kept[proxy].Keys.Where(known => known <= sequence).ToList())
            _kept[proxy].Remove(done);
    }

    private void Store()
    {
        var reading = Query(_source);
        foreach (var window in reading.Windows)
        {
            Settled += window.Sample("v1", "v2").Stable.Requests;
            _folded = window.Sequences.Aggregate(_folded, (known, pair) => known.SetItem(pair.Key, Math.Max(pair.Value, known.GetValueOrDefault(pair.Key))));
            _countedThrough = window.End;
        }

        if (reading.Windows.Length > 0)
            _source.Settle(Key, _countedThrough);
    }

    private ProxyMetricSource Restart()
    {
        var source = new ProxyMetricSource(
            _time,
            TimeSpan.FromSeconds(1),
            new ReportMetrics(global::Prometheus.Metrics.WithCustomRegistry(global::Prometheus.Metrics.NewCustomRegistry())),
            _ => { },
            NullLogger<ProxyMetricSource>.Instance);
        Query(source);
        _source = source;
        Reconnect(0);
        Reconnect(1);
        return source;
    }

    private MetricReading Query(ProxyMetricSource source) => source.Query(
        Key, new CollectionPlan { Id = "r1", Anchor = _start, Interval = TimeSpan.FromSeconds(3), CountedThrough = _countedThrough, Held = true, Folded = _folded });
}
