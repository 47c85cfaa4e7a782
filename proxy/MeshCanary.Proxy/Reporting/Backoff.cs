namespace MeshCanary.Proxy.Reporting;

/// <summary>Waits between attempts: doubling up to a cap, each somewhere in its upper half so that proxies do not march in step.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NotLeadingCap = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromSeconds(15);

    private TimeSpan _next = First;

    public void Reset() => _next = First;

    /// <summary>Before the next controller of a round is tried.</summary>
    public static TimeSpan Step() => First * Random.Shared.NextDouble();

    /// <summary>Before the next round.</summary>
    public TimeSpan Next(Setback setback)
    {
        var wait = setback switch
        {
            Setback.Refused => AfterRefusal,
            Setback.NotLeading when _next > NotLeadingCap => NotLeadingCap,
            _ => _next,
        };
        _next = _next * 2 < Cap ? _next * 2 : Cap;
        return wait * (0.5 + (Random.Shared.NextDouble() / 2));
    }
}
