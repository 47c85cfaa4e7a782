namespace MeshCanary.Controller.Metrics;

/// <summary>Copies that were sent to the canary. Shown, and not judged: nobody waited for their answers.</summary>
/// <param name="Copies">Those that came to an end.</param>
/// <param name="Errors">Of them those that failed.</param>
/// <param name="Dropped">Requests that were to be copied and were not: too many at a time, too long, too late.</param>
public sealed record MirrorFigures(long Copies, long Errors, long Dropped)
{
    /// <summary>No copy.</summary>
    public static MirrorFigures None { get; } = new(0, 0, 0);

    /// <summary>The sum of both; the other alone when there is only one.</summary>
    public static MirrorFigures? Add(MirrorFigures? one, MirrorFigures? other) => one is null || other is null
        ? one ?? other
        : new MirrorFigures(one.Copies + other.Copies, one.Errors + other.Errors, one.Dropped + other.Dropped);
}
