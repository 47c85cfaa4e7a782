using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>
/// Writes request line and header fields of a request to an upstream: the client's, without those that concern the client's
/// connection only (what its <c>Connection</c> names has been taken out before), with the framing of what is really sent.
/// </summary>
internal static class OutgoingHead
{
    private static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Writes the head.</summary>
    /// <param name="head">Where to.</param>
    /// <param name="context">The client's request.</param>
    /// <param name="authority">The <c>Host</c> if the client names none.</param>
    /// <param name="changed">The fields to send; null for the client's with our own X-Forwarded-*.</param>
    /// <exception cref="FormatException">The request cannot be written as HTTP/1.1.</exception>
    public static OutgoingBody Write(HeadBuffer head, HttpContext context, string authority, IHeaderDictionary? changed)
    {
        var request = context.Request;
        // "head" would be a method that the proxy takes for HEAD, whose response has no body, and the upstream for another.
        head.Write(HttpMethods.GetCanonicalizedValue(request.Method));
        head.Write(" "u8);
        head.Write(RequestTarget.Of(context));
        var headers = changed ?? request.Headers;
        head.Write(" HTTP/1.1\r\nHost: "u8);
        var host = headers.Host;
        head.Write(host.Count == 1 && host[0] is { Length: > 0 } named ? named : authority);
        head.Write("\r\n"u8);

        var body = BodyOf(context);
        WriteFields(head, headers, body, own: changed is null);
        if (changed is null)
            ForwardedFields.Write(head, context);
        WriteFraming(head, request, body);
        head.Write("\r\n"u8);
        return body;
    }

    private static OutgoingBody BodyOf(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
            return OutgoingBody.None;
        if (context.Request.ContentLength is { } length)
            return length == 0 ? OutgoingBody.None : OutgoingBody.Length;
        return OutgoingBody.Chunked;
    }

    private static void WriteFields(HeadBuffer head, IHeaderDictionary headers, OutgoingBody body, bool own)
    {
        foreach (var (name, values) in headers)
        {
            // What is no name is not passed on: who reads it next may see something else in it.
            if (IsLeftOut(name, body, own) || HopByHop.Contains(name) || name.AsSpan().ContainsAnyExcept(Token))
                continue;
            if (values.Count > 1 && name.Equals("Cookie", StringComparison.OrdinalIgnoreCase))
                // HTTP/2 lets a client send its cookies in pieces; HTTP/1.1 has one field of them (RFC 9113, section 8.2.3).
                head.Field(name, string.Join("; ", values.ToArray()));
            else
                WriteEach(head, name, values);
        }
    }

    private static void WriteEach(HeadBuffer head, string name, StringValues values)
    {
        foreach (var value in values)
            head.Field(name, value ?? "");
    }

    // What is written from what is really sent, and what the proxy says itself.
    private static bool IsLeftOut(string name, OutgoingBody body, bool own) => name.Length switch
    {
        4 => name.Equals("Host", StringComparison.OrdinalIgnoreCase),
        6 => body == OutgoingBody.None && name.Equals("Expect", StringComparison.OrdinalIgnoreCase),
        14 => name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase),
        0 => true,
        _ => own && ForwardedFields.Contains(name),
    };

    private static void WriteFraming(HeadBuffer head, HttpRequest request, OutgoingBody body)
    {
        switch (body)
        {
            case OutgoingBody.Length:
                WriteLength(head, request.ContentLength!.Value);
                break;
            case OutgoingBody.Chunked:
                head.Write("Transfer-Encoding: chunked\r\n"u8);
                break;
            // Servers want to be told that there is none where one is usual (RFC 9110, section 8.6).
            case OutgoingBody.None when request.ContentLength is not null || ExpectsBody(request.Method):
                WriteLength(head, 0);
                break;
        }

        if ((HttpProtocol.IsHttp2(request.Protocol) || HttpProtocol.IsHttp3(request.Protocol)) && HopByHop.Lists(request.Headers.TE, "trailers"))
            head.Write("TE: trailers\r\n"u8);
    }

    private static bool ExpectsBody(string method) =>
        !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsDelete(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method));

    private static void WriteLength(HeadBuffer head, long length)
    {
        head.Write("Content-Length: "u8);
        head.Write(length);
        head.Write("\r\n"u8);
    }
}
