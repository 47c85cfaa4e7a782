using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Endpoint = MeshCanary.Proxy.Endpoints.Endpoint;

namespace MeshCanary.Proxy.Telling;

/// <summary>
/// The spans of one request: the proxy's as a server, and one as a client for each attempt. Names and meanings of attributes are
/// those of OpenTelemetry's HTTP conventions; what they do not know begins with <c>meshcanary.</c>.
/// </summary>
internal sealed class RequestSpan
{
    private const string Other = "_OTHER";

    private readonly ActivitySource _source;
    private readonly HttpContext _context;
    private readonly Activity _server;
    private Activity? _attempt;

    private RequestSpan(ActivitySource source, HttpContext context, Activity server) => (_source, _context, _server) = (source, context, server);

    public string TraceId => _server.TraceId.ToHexString();

    /// <summary>Begins it. The request's own headers say from now on that it is the parent, so that every way of forwarding tells it.</summary>
    /// <returns>Null when the client's trace is not recorded: then the headers are as the client sent them.</returns>
    public static RequestSpan? Begin(ActivitySource source, RequestTale tale)
    {
        var context = tale.Context;
        var headers = context.Request.Headers;
        var isFollowed = TraceParent.TryRead(headers, out var parent);
        if (isFollowed && !parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
            return null;

        // Where no parent is given, one that happens to be current would be taken.
        Activity.Current = null;
        if (source.StartActivity(NameOf(context), ActivityKind.Server, isFollowed ? parent : default) is not { } server)
            return null;

        // What was said beside a trace that cannot be followed is not said of this one.
        if (!isFollowed)
            headers.Remove("tracestate");
        var span = new RequestSpan(source, context, server);
        span.Describe();
        headers.TraceParent = server.Id;
        return span;
    }

    /// <summary>Begins the span of an attempt, which the upstream is told as its parent.</summary>
    public void BeginAttempt(RequestTale tale, Endpoint endpoint)
    {
        if (!_server.IsAllDataRequested || _source.StartActivity(NameOf(_context), ActivityKind.Client, _server.Context) is not { } attempt)
            return;

        _attempt = attempt;
        var at = new Uri(endpoint.Prefix);
        SetMethod(attempt, _context.Request.Method);
        attempt.SetTag("url.full", $"{endpoint.Prefix.TrimEnd('/')}{RequestPath.Of(_context)}");
        SetAddress(attempt, "server", new Uri(endpoint.Address));
        SetAddress(attempt, "network.peer", at);
        attempt.SetTag("meshcanary.revision", tale.Revision);
        if (tale.Retries > 0)
            attempt.SetTag("http.request.resend_count", tale.Retries);
        _context.Request.Headers.TraceParent = attempt.Id;
    }

    /// <summary>Ends the span of the attempt that is under way, if there is one.</summary>
    /// <param name="fault">Why it failed, or null.</param>
    /// <param name="status">What the upstream answered, or null when it did not.</param>
    public void EndAttempt(string? fault, int? status)
    {
        if (_attempt is not { } attempt)
            return;
        _attempt = null;
        SetEnd(attempt, fault ?? (status >= StatusCodes.Status400BadRequest ? $"{status}" : null), status);
        attempt.Dispose();
    }

    /// <summary>Ends it, and the attempt in it.</summary>
    public void End(RequestTale tale)
    {
        var isAnswered = tale.FirstByte != 0;
        var outcome = tale.Outcome!;
        var fault = tale.Failed && outcome != "server_error" ? outcome : null;
        EndAttempt(fault, isAnswered ? tale.Status : null);

        _server.SetTag("meshcanary.route", tale.Route);
        _server.SetTag("meshcanary.arm", tale.Arm is { } arm ? TellingNames.Of(arm) : null);
        _server.SetTag("meshcanary.revision", tale.Revision);
        _server.SetTag("meshcanary.endpoint", tale.Endpoint);
        _server.SetTag("meshcanary.outcome", outcome);
        _server.SetTag("meshcanary.diverted", tale.Diverted is { } cause ? TellingNames.Of(cause) : null);
        SetEnd(_server, fault ?? (tale.Status >= StatusCodes.Status500InternalServerError ? $"{tale.Status}" : null), tale.Status);
        _server.Dispose();
    }

    private static string NameOf(HttpContext context) => Known(context.Request.Method) ?? "HTTP";

    // Anything may stand in a request; a name that anything may stand in is of no use.
    private static string? Known(string method) => HttpMethods.GetCanonicalizedValue(method) is
        "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "CONNECT" or "OPTIONS" or "TRACE" or "PATCH" ? method : null;

    private static void SetMethod(Activity span, string method)
    {
        span.SetTag("http.request.method", Known(method) ?? Other);
        if (Known(method) is null)
            span.SetTag("http.request.method_original", method);
    }

    private static void SetAddress(Activity span, string kind, Uri address)
    {
        span.SetTag($"{kind}.address", address.Host);
        span.SetTag($"{kind}.port", address.Port);
    }

    private static void SetEnd(Activity span, string? fault, int? status)
    {
        span.SetTag("http.response.status_code", status);
        if (fault is null)
            return;
        span.SetTag("error.type", fault);
        span.SetStatus(ActivityStatusCode.Error);
    }

    private void Describe()
    {
        if (!_server.IsAllDataRequested)
            return;
        var request = _context.Request;
        SetMethod(_server, request.Method);
        _server.SetTag("url.scheme", request.Scheme);
        _server.SetTag("url.path", RequestPath.Of(_context));
        if (request.Host is { HasValue: true } host)
        {
            _server.SetTag("server.address", host.Host);
            _server.SetTag("server.port", host.Port);
        }

        _server.SetTag("network.protocol.version", request.Protocol is "HTTP/2" ? "2" : request.Protocol["HTTP/".Length..]);
        var peer = _context.Connection.RemoteIpAddress?.ToString();
        _server.SetTag("client.address", peer);
        _server.SetTag("network.peer.address", peer);
        _server.SetTag("network.peer.port", _context.Connection.RemotePort);
        _server.SetTag("user_agent.original", request.Headers.UserAgent is { Count: > 0 } agent ? agent.ToString() : null);
    }
}
