namespace MeshCanary.Proxy.Routing;

/// <summary>SplitMix64 per thread: all 64 bits are good, no lock, no allocation. Not for secrets.</summary>
internal static class FastRandom
{
    [ThreadStatic]
    private static ulong State;

    public static ulong Next()
    {
        if (State == 0)
            State = ((ulong)Random.Shared.NextInt64() << 1) | 1;

        var z = State += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
