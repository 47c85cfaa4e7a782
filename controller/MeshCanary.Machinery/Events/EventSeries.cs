namespace MeshCanary.Machinery.Events;

/// <summary>One Event object and how often what it says has happened. Not thread-safe.</summary>
/// <param name="first">What happened, the first time.</param>
/// <param name="note">What the object says.</param>
internal sealed class EventSeries(PendingEvent first, string note)
{
    public ObjectEvent Event => first.Event;

    public string Note => note;

    public DateTimeOffset First => first.At;

    public DateTimeOffset Last { get; private set; } = first.At;

    public int Count { get; private set; }

    /// <summary>The object's name once it was written, or null.</summary>
    public string? Written { get; set; }

    /// <summary>It happened, once more or for the first time.</summary>
    public void Happened(DateTimeOffset at)
    {
        Count++;
        Last = at;
    }
}
