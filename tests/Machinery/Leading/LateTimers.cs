namespace MeshCanary.Machinery.Tests.Leading;

/// <summary>A machine so busy that timers longer than a few seconds do not fire; its clock goes on.</summary>
internal sealed class LateTimers(TimeProvider inner) : TimeProvider
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Late(inner.CreateTimer(callback, state, Due(dueTime), period));

    private static TimeSpan Due(TimeSpan due) => due > Longest ? Timeout.InfiniteTimeSpan : due;

    private sealed class Late(ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Due(dueTime), period);

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
