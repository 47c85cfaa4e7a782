namespace MeshCanary.Machinery.Events;

/// <summary>The different notes that one reason had on one object within a window.</summary>
/// <param name="since">When the window began.</param>
internal sealed class SimilarNotes(DateTimeOffset since)
{
    public DateTimeOffset Since => since;

    public HashSet<string> Notes { get; } = new(StringComparer.Ordinal);
}
