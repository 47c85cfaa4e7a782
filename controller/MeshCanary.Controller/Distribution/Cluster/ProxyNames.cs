using System.Security.Cryptography;
using System.Text;

namespace MeshCanary.Controller.Distribution.Cluster;

/// <summary>What the proxies of a Canary are called.</summary>
internal static class ProxyNames
{
    /// <summary>What proxies' tokens are for.</summary>
    public const string Audience = "meshcanary.io";

    private const string Suffix = "-meshcanary-proxy";

    // Also the value of a label.
    private const int Longest = 63;
    private const int HashDigits = 8;

    /// <summary>Name of the Deployment and all that goes with it; that of a Canary with a long name is cut and told apart by a hash.</summary>
    public static string Of(string canary)
    {
        if (canary.Length + Suffix.Length <= Longest)
            return canary + Suffix;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canary)))[..HashDigits];
        return $"{canary[..(Longest - Suffix.Length - HashDigits - 1)].TrimEnd('-', '.')}-{hash}{Suffix}";
    }

    /// <summary>The user that the proxies of a Canary, given as namespace/name, are to the API server.</summary>
    public static string UserOf(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return $"system:serviceaccount:{key[..slash]}:{Of(key[(slash + 1)..])}";
    }
}
