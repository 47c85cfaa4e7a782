using System.Collections.Frozen;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>Header fields that concern one connection and are not passed on: the set of the forwarder for other protocols, and what <c>Connection</c> names.</summary>
internal static class HopByHop
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "Connection", "Transfer-Encoding", "Keep-Alive", "Upgrade", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authentication-Info",
        "Proxy-Authorization", "Proxy-Features", "Proxy-Instruction", "Security-Scheme", "ALPN", "Close", "HTTP2-Settings",
        "Upgrade-Insecure-Requests", "TE", "Alt-Svc",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string name) => Names.Contains(name);

    /// <summary>Whether a list names something.</summary>
    public static bool Lists(StringValues lines, string name)
    {
        foreach (var line in lines)
        {
            foreach (var option in line.AsSpan().Split(','))
            {
                if (line.AsSpan(option).Trim(" \t").Equals(name, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether the options of a <c>Connection</c> field name another one.</summary>
    public static bool Lists(ReadOnlySpan<byte> connection, ReadOnlySpan<byte> name)
    {
        foreach (var option in connection.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(connection[option].Trim(" \t"u8), name))
                return true;
        }

        return false;
    }
}
