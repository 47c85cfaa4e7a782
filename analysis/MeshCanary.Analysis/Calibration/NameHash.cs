namespace MeshCanary.Analysis.Calibration;

/// <summary>
/// FNV-1a, 64 bit, over the UTF-16 code units of a name, low byte first, and a final mix (the finaliser of MurmurHash3),
/// because the low bits of FNV alone follow the last characters. The same in every process and version.
/// Fowler, Noll and Vo 1991; Appleby 2011.
/// </summary>
internal static class NameHash
{
    public static ulong Of(string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var unit in name)
        {
            hash = (hash ^ (byte)unit) * 1099511628211UL;
            hash = (hash ^ (byte)(unit >> 8)) * 1099511628211UL;
        }

        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return hash ^ (hash >> 33);
    }
}
