using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>
/// What the web server lets pass and an upstream must not see: codings that would be lost on the way, and headers that
/// the client meant for this connection only (RFC 9110, 7.6.1).
/// </summary>
internal static class RequestGate
{
    // What Connection may not take away: framing and Host belong to the message, the rest is dealt with elsewhere.
    private static readonly string[] Kept = ["close", "keep-alive", "Upgrade", "TE", "Host", "Content-Length", "Transfer-Encoding"];

    /// <summary>Takes from a request what ends here.</summary>
    /// <returns>False when it cannot be passed on as it is.</returns>
    public static bool Admits(HttpRequest request)
    {
        var headers = request.Headers;
        var codings = headers.TransferEncoding;
        if (codings.Count != 0 && !IsChunked(codings, request.Protocol))
            return false;

        var connection = headers.Connection;
        if (connection.Count != 0)
            EndHere(headers, connection);
        return true;
    }

    private static bool IsChunked(StringValues codings, string protocol) =>
        codings.Count == 1
        && codings[0].AsSpan().Trim(" \t").Equals("chunked", StringComparison.OrdinalIgnoreCase)
        && HttpProtocol.IsHttp11(protocol);

    private static void EndHere(IHeaderDictionary headers, StringValues connection)
    {
        foreach (var line in connection)
        {
            var names = line.AsSpan();
            foreach (var range in names.Split(','))
            {
                var name = names[range].Trim(" \t");
                if (!name.IsEmpty && !IsKept(name))
                    headers.Remove(name.ToString());
            }
        }
    }

    private static bool IsKept(ReadOnlySpan<char> name)
    {
        foreach (var kept in Kept)
        {
            if (name.Equals(kept, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
