using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Faults;
using MeshCanary.Machinery.Pacing;

namespace MeshCanary.Machinery.Queueing;

/// <summary>How a queue works.</summary>
public sealed record WorkQueueOptions<TKey>
    where TKey : notnull
{
    /// <summary>How many keys are worked on at a time.</summary>
    public int Workers { get; init; } = 8;

    /// <summary>How many keys are begun in a second at most, over the long run; zero for no limit.</summary>
    public double PerSecond { get; init; }

    /// <summary>How many keys may be begun at once before <see cref="PerSecond"/> holds.</summary>
    public double Burst { get; init; } = 100;

    /// <summary>Pauses of a key that fails.</summary>
    public Backoff Backoff { get; init; } = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromMinutes(1));

    /// <summary>After how many failures in a row a key is quarantined.</summary>
    public int FailuresToQuarantine { get; init; } = 8;

    /// <summary>How often a quarantined key is tried, before jitter.</summary>
    public TimeSpan QuarantinePause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How soon after a try a quarantined key that is added is tried again: a person who repairs an object does not wait, an object that changes all the time costs little.</summary>
    public TimeSpan QuarantineFloor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the work on a key may take until it is cancelled.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a cancelled handler may take to end until another takes its place. Its key waits for its end all the same.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Which failures are the surroundings' and not the key's: they are tried again with pauses and never quarantine. By default an API
    /// server that is away or busy, and writes that met another.
    /// </summary>
    public Func<Exception, bool> IsForeign { get; init; } = error => error is ApiException { IsTransient: true } or ApiException { Kind: ApiErrorKind.Conflict };

    /// <summary>Is told of keys that keep failing, that recover, and that take too long.</summary>
    public IFaultListener<TKey>? Faults { get; init; }
}
