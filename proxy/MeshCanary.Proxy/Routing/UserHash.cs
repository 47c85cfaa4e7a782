using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace MeshCanary.Proxy.Routing;

/// <summary>
/// Tells users apart by 64 bits. The seed is this process's own, so that nobody can choose keys that meet; the hash
/// never leaves the process.
/// </summary>
internal static class UserHash
{
    private static readonly long Seed = unchecked((long)FastRandom.Next());

    public static ulong Of(string key) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key.AsSpan()), Seed);
}
