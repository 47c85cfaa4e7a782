using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>X-Forwarded-* of a request to an upstream: how the client came, and what proxies before this one say when they are believed.</summary>
internal static class ForwardedFields
{
    private const string For = "X-Forwarded-For";
    private const string Proto = "X-Forwarded-Proto";
    private const string Host = "X-Forwarded-Host";
    private const string Prefix = "X-Forwarded-Prefix";

    /// <summary>Whether a field is one of them.</summary>
    public static bool Contains(string name) =>
        name.Length is >= 15 and <= 18 && name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
        && (Is(name, For) || Is(name, Proto) || Is(name, Host) || Is(name, Prefix));

    /// <summary>Writes them when the client's own are left out.</summary>
    public static void Write(HeadBuffer head, HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is { } client)
        {
            head.Write("X-Forwarded-For: "u8);
            client.TryFormat(head.RoomFor(64).Span, out var written);
            head.Add(written);
            head.Write("\r\n"u8);
        }

        head.Field(Proto, context.Request.Scheme);
        if (context.Request.Host is { HasValue: true } host)
            head.Field(Host, host.ToUriComponent());
    }

    /// <summary>The client's header fields, with these among them.</summary>
    /// <param name="context">The client's request.</param>
    /// <param name="trust">Whether the client is a proxy that can be believed: then the first is added to and the others are kept.</param>
    public static HeaderDictionary With(HttpContext context, bool trust)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, values) in context.Request.Headers)
            headers[name] = values;
        if (!trust)
        {
            foreach (var name in (ReadOnlySpan<string>)[For, Proto, Host, Prefix])
                headers.Remove(name);
        }

        if (context.Connection.RemoteIpAddress is { } client)
            headers[For] = string.Join(", ", StringValues.Concat(headers[For], client.ToString()).ToArray());
        if (!headers.ContainsKey(Proto))
            headers[Proto] = context.Request.Scheme;
        if (!headers.ContainsKey(Host) && context.Request.Host is { HasValue: true } host)
            headers[Host] = host.ToUriComponent();
        return headers;
    }

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}
