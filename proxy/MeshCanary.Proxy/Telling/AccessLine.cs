using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Telling;

/// <summary>
/// One request as one line of JSON. Whatever a client sends stays within its string: quotes, control characters and line ends
/// are escaped. Cookies and credentials are not looked at.
/// </summary>
internal static class AccessLine
{
    // What is longer is cut: a line is to stay readable, and what waits for the sink is to stay small.
    private const int LongestText = 1024;

    private static readonly JsonWriterOptions Form = new()
    {
        // "Unsafe" only within HTML: what could end a string, a line or a terminal's good behaviour is escaped.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? Bytes;

    [ThreadStatic]
    private static Utf8JsonWriter? Writer;

    /// <summary>The line, with its end.</summary>
    /// <param name="tale">The request.</param>
    /// <param name="time">The clock.</param>
    /// <param name="withQuery">Whether to tell the query.</param>
    public static byte[] Of(RequestTale tale, TimeProvider time, bool withQuery)
    {
        var bytes = Bytes ??= new ArrayBufferWriter<byte>(LongestText);
        bytes.ResetWrittenCount();
        var json = Writer ??= new Utf8JsonWriter(bytes, Form);
        json.Reset();
        Write(json, tale, time, withQuery);
        json.Flush();
        bytes.Write("\n"u8);
        return bytes.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, RequestTale tale, TimeProvider time, bool withQuery)
    {
        var took = time.GetElapsedTime(tale.Started);
        json.WriteStartObject();
        WriteTime(json, time.GetUtcNow() - took);
        Write(json, "route"u8, tale.Route);
        Write(json, "arm"u8, tale.Arm is { } arm ? TellingNames.Of(arm) : null);
        Write(json, "revision"u8, tale.Revision);
        Write(json, "endpoint"u8, tale.Endpoint);
        WriteRequest(json, tale.Context, withQuery);
        Write(json, "status"u8, tale.Status);
        Write(json, "outcome"u8, tale.Outcome);
        Write(json, "diverted"u8, tale.Diverted is { } cause ? TellingNames.Of(cause) : null);
        Write(json, "retries"u8, tale.Retries);
        Write(json, "retryReason"u8, tale.RetryReason);
        Write(json, "requestBytes"u8, tale.RequestBytes);
        Write(json, "responseBytes"u8, tale.ResponseBytes);
        Write(json, "durationMs"u8, took);
        if (tale.FirstByte != 0)
            Write(json, "firstByteMs"u8, time.GetElapsedTime(tale.Started, tale.FirstByte));
        Write(json, "traceId"u8, tale.Span?.TraceId ?? TraceParent.TraceIdOf(tale.Context.Request.Headers));
        Write(json, "userAgent"u8, tale.Context.Request.Headers.UserAgent.ToString());
        json.WriteEndObject();
    }

    private static void WriteRequest(Utf8JsonWriter json, HttpContext context, bool withQuery)
    {
        var request = context.Request;
        Write(json, "client"u8, context.Connection.RemoteIpAddress?.ToString());
        Write(json, "protocol"u8, request.Protocol);
        Write(json, "method"u8, request.Method);
        Write(json, "host"u8, request.Host.Value);
        Write(json, "path"u8, RequestPath.Of(context));
        if (withQuery)
            Write(json, "query"u8, request.QueryString.Value);
    }

    private static void WriteTime(Utf8JsonWriter json, DateTimeOffset time)
    {
        Span<char> text = stackalloc char[32];
        time.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        json.WriteString("time"u8, text[..length]);
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            json.WriteString(name, text.AsSpan(0, Math.Min(text.Length, LongestText)));
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? number)
    {
        if (number is { } known)
            json.WriteNumber(name, known);
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, TimeSpan time) =>
        json.WriteNumber(name, Math.Round(time.TotalMilliseconds, 3));
}
