using MeshCanary.Controller.Api;

namespace MeshCanary.Cli.Rendering;

/// <summary>The newest entries of the decision log, oldest first.</summary>
internal sealed class RecentLog(int capacity)
{
    private readonly Queue<EventView> _entries = new(capacity);

    /// <summary>Takes new entries and returns what is to be shown.</summary>
    public IReadOnlyList<EventView> Add(IEnumerable<EventView> entries)
    {
        foreach (var entry in entries)
        {
            if (_entries.Count == capacity)
                _entries.Dequeue();
            _entries.Enqueue(entry);
        }

        return [.. _entries];
    }
}
