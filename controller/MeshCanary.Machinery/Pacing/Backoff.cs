namespace MeshCanary.Machinery.Pacing;

/// <summary>Pauses between attempts: growing up to a cap, each somewhere in its upper half so that replicas do not march in step.</summary>
/// <param name="First">The pause after the first failure, before jitter.</param>
/// <param name="Cap">The longest pause.</param>
public readonly record struct Backoff(TimeSpan First, TimeSpan Cap)
{
    /// <summary>The pause after some failures in a row.</summary>
    /// <param name="failures">How many, from 1.</param>
    /// <param name="chance">A number in [0, 1) that places the pause between its half and its whole.</param>
    public TimeSpan After(int failures, double chance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var whole = Math.Min(First.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 60)), Cap.TotalSeconds);
        return TimeSpan.FromSeconds(whole * (0.5 + (chance / 2)));
    }
}
