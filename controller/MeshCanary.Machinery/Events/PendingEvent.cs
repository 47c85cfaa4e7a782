namespace MeshCanary.Machinery.Events;

/// <summary>An event that waits to be written.</summary>
/// <param name="Event">What happened.</param>
/// <param name="At">When.</param>
internal sealed record PendingEvent(ObjectEvent Event, DateTimeOffset At);
