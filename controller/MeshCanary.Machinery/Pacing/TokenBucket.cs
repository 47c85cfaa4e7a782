namespace MeshCanary.Machinery.Pacing;

/// <summary>Lets a burst through and then so many a second. Not thread-safe.</summary>
/// <param name="perSecond">How many tokens come back in a second.</param>
/// <param name="burst">How many there are at most, and at first.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(double perSecond, double burst, TimeProvider time)
{
    private readonly double _burst = burst;
    private double _tokens = burst;
    private long _at = time.GetTimestamp();

    /// <summary>Takes a token if there is one.</summary>
    public bool TryTake()
    {
        Refill();
        if (_tokens < 1)
            return false;
        _tokens--;
        return true;
    }

    /// <summary>How long until the next token; zero when there is one. At least a millisecond otherwise, so that rounding never spins.</summary>
    public TimeSpan UntilNext()
    {
        Refill();
        return _tokens >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Max((1 - _tokens) / perSecond, 0.001));
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(_burst, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
        _at = now;
    }
}
