namespace MeshCanary.Machinery.Tests.Leading;

/// <summary>Counts the waits of about the retry period, so that a test moves its clock only when the process sleeps.</summary>
internal sealed class SleepCounting(TimeProvider inner) : TimeProvider
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = inner.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.FromSeconds(1.5) && dueTime < TimeSpan.FromSeconds(2.5))
            Interlocked.Increment(ref _count);
        return timer;
    }
}
