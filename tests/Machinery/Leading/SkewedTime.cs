namespace MeshCanary.Machinery.Tests.Leading;

/// <summary>A process's own idea of time: off on the wall, and a little fast or slow.</summary>
/// <param name="real">The time that really passes.</param>
/// <param name="offset">How far its wall clock is off.</param>
/// <param name="rate">How fast its clocks go.</param>
internal sealed class SkewedTime(TimeProvider real, TimeSpan offset, double rate) : TimeProvider
{
    // An odd frequency shows where ticks are taken for timestamps.
    public override long TimestampFrequency => 3_000_017;

    public override DateTimeOffset GetUtcNow() => real.GetUtcNow() + offset;

    public override long GetTimestamp() => (long)(real.GetElapsedTime(0).TotalSeconds * rate * TimestampFrequency);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Scaled(real.CreateTimer(callback, state, Real(dueTime, rate), Real(period, rate)), rate);

    private static TimeSpan Real(TimeSpan own, double rate) => own <= TimeSpan.Zero ? own : own / rate;

    private sealed class Scaled(ITimer inner, double rate) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(Real(dueTime, rate), Real(period, rate));

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
