namespace MeshCanary.SampleService.Behaviour;

/// <summary>
/// Chance that depends on the seed and the number of the request alone (SplitMix64), so that requests served at the
/// same time need no lock and every run repeats.
/// </summary>
internal readonly struct Dice(int seed)
{
    /// <summary>An even number in (0, 1) for one of the draws of one request.</summary>
    public double Roll(long request, int draw)
    {
        var bits = Mix(Mix(Mix(unchecked((ulong)seed)) + unchecked((ulong)request)) + unchecked((ulong)draw));
        return ((bits >> 11) + 0.5) / (1ul << 53);
    }

    private static ulong Mix(ulong bits)
    {
        unchecked
        {
            bits += 0x9E3779B97F4A7C15;
            bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            return bits ^ (bits >> 31);
        }
    }
}
