using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Metrics;

/// <summary>The exact counts that our own proxies report. Each report counts once, whatever breaks in between.</summary>
internal sealed partial class ProxyMetricSource(
    TimeProvider time,
    TimeSpan reportInterval,
    ReportMetrics metrics,
    Action<string> changed,
    ILogger<ProxyMetricSource> logger) : IMetricSource, IReportSink
{
    // How long a proxy that is gone is remembered, so that what it sends again is known to be the same.
    private static readonly TimeSpan Memory = TimeSpan.FromHours(24);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ReportLedger> _ledgers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WindowAssembler> _assemblers = new(StringComparer.Ordinal);
    private readonly StandingBook _standings = new();
    private readonly TimeSpan _grace = reportInterval * 2;
    private readonly TimeSpan _silence = reportInterval * 5;

    // After a start every proxy gets the chance to come back before a window closes without it.
    private readonly DateTimeOffset _closesFrom = time.GetUtcNow() + (reportInterval * 2);

    // A proxy that comes and goes all the time holds nobody up for longer.
    private readonly TimeSpan _longestWait = reportInterval * 10;

    /// <inheritdoc/>
    public string Name => "proxy";

    /// <inheritdoc/>
    public MetricReading Query(string key, CollectionPlan plan)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (!_assemblers.TryGetValue(key, out var assembler) || assembler.Plan.Id != plan.Id)
            {
                assembler?.Abandon();
                _assemblers[key] = assembler = new WindowAssembler(plan);
            }

            Close(assembler, now);
            return new MetricReading
            {
                Windows = assembler.Closed,
                Problem = FindProblem(now),
                AskAgainAt = AskAgainAt(assembler, now),
                Standings = _standings.Of(key),
                Received = _ledgers.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.LastReceived),
            };
        }
    }

    /// <inheritdoc/>
    public void Settle(string key, DateTimeOffset through)
    {
        lock (_gate)
        {
            if (_assemblers.TryGetValue(key, out var assembler))
                assembler.Settle(through);
        }
    }

    /// <inheritdoc/>
    public void Connected(string instance, string proxy, Action<long> receipt)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            foreach (var (gone, ledger) in _ledgers.Where(pair => !pair.Value.Connected && !pair.Value.HasOpen && now - pair.Value.Since > Memory).ToList())
            {
                _ledgers.Remove(gone);
                _standings.Forget(gone);
            }

            if (!_ledgers.TryGetValue(instance, out var known))
                _ledgers[instance] = known = new ReportLedger(instance);
            known.Open(proxy, receipt, now);
        }
    }

    /// <inheritdoc/>
    public void Disconnected(string instance)
    {
        lock (_gate)
        {
            if (_ledgers.TryGetValue(instance, out var ledger))
                ledger.Close(time.GetUtcNow());
        }
    }

    /// <inheritdoc/>
    public void Accept(string instance, Wire.IntervalReport report)
    {
        List<string> concerned;
        lock (_gate)
        {
            if (!_ledgers.TryGetValue(instance, out var ledger))
                return;
            if (ReportCheck.FindFault(report) is { } fault)
            {
                metrics.Refused.Inc();
                LogRefused(ledger.Proxy, instance, report.Sequence, fault);
                if (report.Sequence is 0 or > long.MaxValue)
                {
                    metrics.Received.Inc();
                    return;
                }

                // It would come again and again: it is taken, without its counts.
                report = new Wire.IntervalReport { Sequence = report.Sequence };
            }

            concerned = Enter(ledger, report);
        }

        foreach (var key in concerned)
            changed(key);
        // Last, so that who sees the count sees what came of the report.
        metrics.Received.Inc();
    }

    private List<string> Enter(ReportLedger ledger, Wire.IntervalReport report)
    {
        var sequence = (long)report.Sequence;
        if (sequence <= ledger.LastReceived)
        {
            metrics.Duplicate.Inc();
            if (sequence <= ledger.Receipted)
                ledger.Repeat();
            return [];
        }

        var now = time.GetUtcNow();
        var (ticket, end) = ledger.Enter(
            sequence, DateTimeOffset.FromUnixTimeMilliseconds(report.StartUnixMs), DateTimeOffset.FromUnixTimeMilliseconds(report.EndUnixMs), now);
        var urgent = new List<string>();
        foreach (var counts in report.Routes)
        {
            if (_standings.Enter(ledger.Instance, ledger.Proxy, counts, end))
                urgent.Add(counts.Route);
            metrics.UsersUncounted.Inc(counts.Users.Sum(users => (double)users.Uncounted));
            if (_assemblers.TryGetValue(counts.Route, out var assembler) && !assembler.Add(ticket, end, counts))
                metrics.Late.Inc();
        }

        var closed = _assemblers
            .Where(pair => pair.Value.NextEnd <= ledger.ReportedThrough && Close(pair.Value, now))
            .Select(pair => pair.Key)
            .ToList();
        ticket.Release();
        return [.. closed.Union(urgent, StringComparer.Ordinal)];
    }

    private bool Close(WindowAssembler assembler, DateTimeOffset now) =>
        now >= _closesFrom && assembler.Close(now, _ledgers.Values, end => MustWait(end, now));

    private bool MustWait(DateTimeOffset end, DateTimeOffset now) =>
        now < (end > _closesFrom ? end : _closesFrom) + _longestWait && _ledgers.Values.Any(ledger => ledger.Blocks(end, now, _grace));

    private string? FindProblem(DateTimeOffset now)
    {
        var connected = _ledgers.Values.Where(ledger => ledger.Connected).ToList();
        if (connected.Count == 0)
            return "no proxy is connected";
        var last = connected.Max(ledger => ledger.LastArrival > ledger.Since ? ledger.LastArrival.Value : ledger.Since);
        return now - last > _silence ? $"no proxy has reported since {last:HH:mm:ss} UTC" : null;
    }

    private DateTimeOffset? AskAgainAt(WindowAssembler assembler, DateTimeOffset now)
    {
        var waiting = _ledgers.Values.Where(ledger => ledger.Connected).ToList();
        if (waiting.Count == 0 && !assembler.HasOpen)
            return null;
        var latest = waiting.Select(ledger => ledger.Since).Append(assembler.NextEnd).Max() + _grace;
        if (latest < _closesFrom)
            latest = _closesFrom;
        return latest > now ? latest : now + reportInterval;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Report {Sequence} of proxy {Proxy} ({Instance}) was refused and its counts are left out: {Fault}.")]
    private partial void LogRefused(string proxy, string instance, ulong sequence, string fault);
}
