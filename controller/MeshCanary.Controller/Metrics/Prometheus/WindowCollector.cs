using System.Collections.Immutable;
using MeshCanary.Controller.Metrics.Prometheus.Cutting;
using MeshCanary.Controller.Metrics.Prometheus.Naming;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Metrics.Prometheus;

/// <summary>
/// Collects the windows of one Canary. It has no clock of its own: whoever looks at it sets it off, and is told when there is more to
/// see. What it knows it can ask again, so that nothing is lost with it. Thread-safe.
/// </summary>
internal sealed partial class WindowCollector(string key, SourceTools tools, Action<string> changed, CancellationToken stop)
{
    // So much time of samples is asked for at once.
    private static readonly TimeSpan LongestBatch = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private const int MostUnheld = 30;

    private readonly ILogger _logger = tools.Logger;
    private readonly Lock _gate = new();
    private readonly SampleReader _reader = new(tools);
    private readonly List<ClosedWindow> _closed = [];
    private CollectionPlan? _plan;
    private SourceQueries? _queries;
    private ScrapeHabit? _habit;
    private long _next;
    private string? _problem;
    private bool _isAsking;
    private int _failures;
    private DateTimeOffset _notBefore;

    /// <summary>What there is now; begins to ask for more when it is time to.</summary>
    public MetricReading Query(CollectionPlan plan)
    {
        lock (_gate)
        {
            var now = tools.Time.GetUtcNow();
            Take(plan, now);
            var wake = _isAsking ? (DateTimeOffset?)null : DueAt();
            if (wake <= now)
            {
                _isAsking = true;
                wake = null;
                _ = Task.Run(() => AskAsync(_plan!, _queries!), stop);
            }

            return new MetricReading
            {
                Windows = [.. _closed],
                Problem = _problem,
                AskAgainAt = wake,
                LatencyBoundaries = _habit?.Boundaries ?? [],
                Received = ImmutableDictionary<string, long>.Empty,
            };
        }
    }

    /// <summary>The windows up to an instant are stored.</summary>
    public void Settle(DateTimeOffset through)
    {
        lock (_gate)
            _closed.RemoveAll(window => window.End <= through);
    }

    private TimeSpan Delay => _plan!.Canary!.Source.Prometheus!.Delay ?? _habit?.Interval ?? TimeSpan.Zero;

    private DateTimeOffset StartOf(long window) => _plan!.Anchor + (_plan.Interval * window);

    private DateTimeOffset DueAt()
    {
        var due = _habit is null ? DateTimeOffset.MinValue : StartOf(_next + 1) + Delay;
        return due > _notBefore ? due : _notBefore;
    }

    private void Take(CollectionPlan plan, DateTimeOffset now)
    {
        var before = _plan;
        _plan = plan;
        if (before?.Id != plan.Id)
        {
            _closed.Clear();
            _next = Math.Max(0, (plan.CountedThrough - plan.Anchor).Ticks / plan.Interval.Ticks);
            _habit = _habit is not null && !plan.LatencyBoundaries.IsEmpty ? _habit with { Boundaries = plan.LatencyBoundaries } : _habit;
        }

        if (before?.Canary is null || before.Canary.Source != plan.Canary!.Source)
            (_habit, _problem, _failures, _notBefore) = (null, before is null ? "Prometheus was not asked yet" : _problem, 0, DateTimeOffset.MinValue);
        _queries = Presets.Resolve(plan.Canary!.Source.Prometheus!, plan.Canary);
        PassOver(now);
    }

    // What is too old, or what nobody waits for, is not asked for any more.
    private void PassOver(DateTimeOffset now)
    {
        var furthest = _plan!.Held ? _plan.Canary!.Source.Prometheus!.MaxBehind : _plan.Interval * MostUnheld;
        var first = (now - furthest - _plan.Anchor).Ticks / _plan.Interval.Ticks;
        if (first <= _next)
            return;
        if (_plan.Held)
        {
            tools.Metrics.PassedOver(first - _next);
            LogPassedOver(key, first - _next, StartOf(_next), StartOf(first));
        }

        _next = first;
    }

    private async Task AskAsync(CollectionPlan plan, SourceQueries queries)
    {
        string? problem;
        TimeSpan? pause = null;
        try
        {
            (problem, pause) = queries.Revisions.IsEmpty
                ? ("it is not known yet which pods the Canary's versions have", null)
                : _habit is not { } habit ? await FindHabitAsync(plan, queries).ConfigureAwait(false) : await CountAsync(plan, queries, habit).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
#pragma warning disable CA1031 // Whatever it is: the Canary holds and says why, and it is tried again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogFailed(key, failure);
            problem = $"the answer of Prometheus could not be used: {failure.Message.Split(" (Parameter '")[0].TrimEnd('.')}";
        }

        lock (_gate)
        {
            _isAsking = false;
            if (problem is not null && _problem != problem)
                LogProblem(key, problem);
            _problem = problem;
            _failures = problem is null ? 0 : _failures + 1;
            if (problem is not null)
                _notBefore = tools.Time.GetUtcNow() + (pause ?? Backoff(_failures));
        }

        // Also when there is nothing new: somebody has to look when it is time again.
        changed(key);
    }

    private async Task<(string? Problem, TimeSpan? Pause)> FindHabitAsync(CollectionPlan plan, SourceQueries queries)
    {
        var sample = await _reader.ReadAsync(plan.Canary!, queries, tools.Time.GetUtcNow(), HabitFinder.Range, stop).ConfigureAwait(false);
        if (sample.Fault is not null)
            return (sample.Fault, sample.RetryAfter);
        var (habit, problem) = HabitFinder.Find(sample, queries, plan.Canary!.Source.Prometheus!.ScrapeInterval, plan.LatencyBoundaries);
        if (habit is not null)
            problem = HabitFinder.TooShort(plan.Interval, habit.Interval);
        if (problem is not null)
            return (problem, null);
        lock (_gate)
            _habit = habit;
        return (null, null);
    }

    private async Task<(string? Problem, TimeSpan? Pause)> CountAsync(CollectionPlan plan, SourceQueries queries, ScrapeHabit habit)
    {
        WindowGrid grid;
        long due, first;
        lock (_gate)
        {
            first = _next;
            due = Math.Max(1, ((tools.Time.GetUtcNow() - Delay - plan.Anchor).Ticks / plan.Interval.Ticks) - first);
            grid = new WindowGrid(StartOf(first), plan.Interval, (int)Math.Min(due, Math.Max(1, LongestBatch.Ticks / plan.Interval.Ticks)));
        }

        var sample = await _reader.ReadAsync(plan.Canary!, queries, grid.End, (plan.Interval * grid.Count) + habit.Back, stop).ConfigureAwait(false);
        if (sample.Fault is not null)
            return (sample.Fault, sample.RetryAfter);
        var cut = new WindowCutter(queries, habit, grid).Cut(sample.Requests, sample.Latencies);
        if (cut.Fault is not null)
            return (cut.Fault, null);
        var scrapes = new Scrapes(sample.Requests.Concat(sample.Latencies));
        habit = habit with { Interval = plan.Canary!.Source.Prometheus!.ScrapeInterval ?? scrapes.Interval() ?? habit.Interval };
        return HabitFinder.TooShort(plan.Interval, habit.Interval) is { } tooShort
            ? (tooShort, null)
            : Keep(plan, habit, cut.Windows, sample.Queries, first, isLast: due == grid.Count);
    }

    private (string? Problem, TimeSpan? Pause) Keep(CollectionPlan plan, ScrapeHabit habit, ImmutableArray<ClosedWindow?> windows, ImmutableArray<string> queries, long first, bool isLast)
    {
        lock (_gate)
        {
            // Something else is collected by now.
            if (_plan!.Id != plan.Id || _next != first)
                return (_problem, TimeSpan.Zero);
            _habit = habit;
            var present = windows.OfType<ClosedWindow>().Select(window => window with { Queries = queries }).ToList();
            _closed.AddRange(present);
            if (!plan.Held && _closed.Count > MostUnheld)
                _closed.RemoveRange(0, _closed.Count - MostUnheld);
            foreach (var window in present)
                tools.Metrics.Closed(tools.Time.GetUtcNow() - window.End);
            // A window without a scrape is absent, once a later one is known; at the end it may still come.
            _next = first + (isLast ? windows.Select((window, index) => window is null ? 0 : index + 1).Max() : windows.Length);
            return windows[^1] is null && isLast
                ? ($"Prometheus has no sample of the Canary's counters since {StartOf(_next):HH:mm:ss} UTC", null)
                : (null, null);
        }
    }

    private static TimeSpan Backoff(int failures)
    {
        var pause = TimeSpan.FromSeconds(1L << Math.Min(failures - 1, 5));
        return pause < LongestPause ? pause : LongestPause;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Counts of Canary {Canary} are missing, and are asked for again: {Problem}.")]
    private partial void LogProblem(string canary, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The counts of Canary {Canary} could not be read.")]
    private partial void LogFailed(string canary, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Windows} windows of Canary {Canary} from {From} to {To} are passed over: they are older than analysis.source.maxBehind.")]
    private partial void LogPassedOver(string canary, long windows, DateTimeOffset from, DateTimeOffset to);
}
