using MeshCanary.Machinery.Pacing;

namespace MeshCanary.Machinery.Events;

/// <summary>Decides which Event object something that happened belongs to, and whether it may be written at all. Not thread-safe.</summary>
internal sealed class EventCorrelator(EventOptions options, TimeProvider time)
{
    private readonly BoundedMemory<string, TokenBucket> _budgets = new(options.Memory);
    private readonly BoundedMemory<string, SimilarNotes> _similar = new(options.Memory);
    private readonly BoundedMemory<string, EventSeries> _series = new(options.Memory);

    /// <summary>The series to write, with this counted in; null when its object has had too many.</summary>
    public EventSeries? Place(PendingEvent pending)
    {
        var happened = pending.Event;
        var target = $"{happened.Regarding.Kind}/{happened.Regarding.NamespaceProperty}/{happened.Regarding.Name}/{happened.Regarding.Uid}";
        if (!_budgets.TryGet(target, out var budget))
            _budgets.Put(target, budget = new TokenBucket(options.PerSecond, options.Burst, time));
        if (!budget.TryTake())
            return null;

        var reason = $"{target}|{happened.IsWarning}|{happened.Reason}|{happened.Action}";
        if (!_similar.TryGet(reason, out var notes) || pending.At - notes.Since > options.Window)
            _similar.Put(reason, notes = new SimilarNotes(pending.At));
        var combined = !notes.Notes.Contains(happened.Note) && notes.Notes.Count >= options.SimilarLimit;
        if (!combined)
            notes.Notes.Add(happened.Note);

        var key = combined ? $"{reason}|combined" : $"{reason}|{happened.Note}";
        if (!_series.TryGet(key, out var series) || pending.At - series.Last > options.Window)
            _series.Put(key, series = new EventSeries(pending, combined ? $"(combined from similar events): {happened.Note}" : happened.Note));
        series.Happened(pending.At);
        return series;
    }
}
