using System.Collections.Immutable;

namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>
/// Asks about every span once it is over and its delay has passed, some at a time, and keeps what came back until it is stored. After
/// a restart it goes on behind the newest span that is stored.
/// </summary>
internal sealed class MetricAsker(AskTools tools) : IMetricAsker, IDisposable
{
    /// <summary>Spans of a metric that are made up for after a pause; older ones stay without an answer.</summary>
    public const int MostBehind = 30;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Book> _books = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <inheritdoc/>
    public AskOutcome Ask(AskOrder order)
    {
        var now = tools.Time.GetUtcNow();
        lock (_gate)
        {
            if (_disposed)
                return AskOutcome.None;
            if (!_books.TryGetValue(order.Key, out var book) || book.RunId != order.RunId)
            {
                book?.Dispose();
                _books[order.Key] = book = new Book(order.RunId);
            }

            var ready = ImmutableArray.CreateBuilder<AskedSpan>();
            DateTimeOffset? again = null;
            foreach (var metric in order.Metrics)
            {
                var due = Continue(book, order, metric, now) + metric.Spec.Delay;
                again = again is null || due < again ? due : again;
                // In the order of time: an answer that comes before that to an older question waits for it.
                ready.AddRange(book.Of(metric.Spec.Name).Values.TakeWhile(span => span.IsCompletedSuccessfully).Select(span => span.Result));
            }

            return new AskOutcome(ready.ToImmutable(), again);
        }
    }

    /// <inheritdoc/>
    public void Forget(string key)
    {
        lock (_gate)
        {
            if (_books.Remove(key, out var book))
                book.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var book in _books.Values)
                book.Dispose();
            _books.Clear();
        }
    }

    /// <summary>Begins with every span that is due; returns the end of the next one.</summary>
    private DateTimeOffset Continue(Book book, AskOrder order, RunMetric metric, DateTimeOffset now)
    {
        var (spans, length) = (book.Of(metric.Spec.Name), metric.Spec.Interval);
        var stored = order.Asked.FirstOrDefault(span => span.Metric == metric.Spec.Name)?.To ?? order.Anchor;
        foreach (var end in spans.Keys.Where(end => end <= stored).ToList())
            spans.Remove(end);
        var from = spans.Count == 0 ? stored : spans.Keys[^1];
        var due = (int)Math.Min(int.MaxValue, Math.Max(0, (now - metric.Spec.Delay - from).Ticks / length.Ticks));
        if (due > MostBehind)
        {
            var to = from + ((due - MostBehind) * length);
            spans.Add(to, Task.FromResult(SpanAsking.Unasked(metric, from, to, $"nobody asked in time: the controller was away, and only the newest {MostBehind} questions are made up for")));
            (from, due) = (to, MostBehind);
        }

        for (; due > 0; due--, from += length)
            spans.Add(from + length, Begin(book, order, metric, from, from + length));
        return from + length;
    }

    private Task<AskedSpan> Begin(Book book, AskOrder order, RunMetric metric, DateTimeOffset from, DateTimeOffset to)
    {
        if (metric.Query is null)
            return Task.FromResult(SpanAsking.Unasked(metric, from, to, metric.Fault ?? "its template is not known"));
        var cancellation = book.Cancellation;
        return Task.Run(() => AskAsync(order, metric, from, to, cancellation), cancellation);
    }

    private async Task<AskedSpan> AskAsync(AskOrder order, RunMetric metric, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        try
        {
            return await new SpanAsking(tools, order, metric, from, to).AskAsync(cancellation).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A span without an outcome would hold back every later one of its metric.
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return SpanAsking.Unasked(metric, from, to, $"it could not be asked: {failure.Message.TrimEnd('.')}");
        }
    }

    /// <summary>What is under way for a run. Touched under the gate alone.</summary>
    private sealed class Book(string runId) : IDisposable
    {
        private readonly Dictionary<string, SortedList<DateTimeOffset, Task<AskedSpan>>> _metrics = new(StringComparer.Ordinal);
        private readonly CancellationTokenSource _stop = new();

        public string RunId => runId;

        public CancellationToken Cancellation => _stop.Token;

        public SortedList<DateTimeOffset, Task<AskedSpan>> Of(string metric)
        {
            if (!_metrics.TryGetValue(metric, out var spans))
                _metrics.Add(metric, spans = []);
            return spans;
        }

        public void Dispose()
        {
            _stop.Cancel();
            _stop.Dispose();
        }
    }
}
