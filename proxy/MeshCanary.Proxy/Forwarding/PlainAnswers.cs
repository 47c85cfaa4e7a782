using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>Answers that the proxy gives on its own.</summary>
internal static class PlainAnswers
{
    public static Task NoRoute(HttpContext context) =>
        Write(context, StatusCodes.Status404NotFound, $"No route matches host '{context.Request.Host.Host}' and path '{context.Request.Path}'.\n");

    public static Task NotConfigured(HttpContext context) =>
        Write(context, StatusCodes.Status503ServiceUnavailable, "The proxy has no configuration yet: it waits for its controller.\n");

    public static Task NoTunnels(HttpContext context)
    {
        context.Response.Headers.Allow = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE";
        return Write(context, StatusCodes.Status405MethodNotAllowed, "CONNECT is not served: this is no forward proxy.\n");
    }

    public static Task NoCoding(HttpContext context)
    {
        // What follows cannot be told from the body.
        context.Response.Headers.Connection = "close";
        return Write(context, StatusCodes.Status400BadRequest, "Transfer-Encoding must be 'chunked' and nothing else, and needs HTTP/1.1.\n");
    }

    public static Task NoEndpoint(HttpContext context) =>
        Write(context, StatusCodes.Status503ServiceUnavailable, "The service has no address to send requests to.\n");

    public static Task Busy(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return Write(context, StatusCodes.Status503ServiceUnavailable, "The service has as many requests at a time as it may have.\n");
    }

    /// <summary>
    /// Amends the answer to a request that could not be forwarded: it is that of an upstream that failed, with nothing of
    /// ours in it, and the client is to know when it was the request.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="error">What went wrong.</param>
    /// <param name="minted">The cookie that was minted for it; went with the upstream's headers, and without it the user would be drawn anew.</param>
    /// <param name="isOwed">Whether the client still owes bytes of its body.</param>
    public static void Amend(HttpContext context, ForwarderError error, StringValues minted, bool isOwed)
    {
        var response = context.Response;
        if (response.HasStarted)
            return;
        CloseBehindExpectation(context);
        response.Headers.SetCookie = minted;
        if (error == ForwarderError.RequestCreation)
            response.StatusCode = StatusCodes.Status400BadRequest;
        else if (isOwed && response.StatusCode == StatusCodes.Status504GatewayTimeout)
            response.StatusCode = StatusCodes.Status408RequestTimeout;
    }

    /// <summary>A client that waits to be asked for its body may send it all the same, or a new request: nobody can tell.</summary>
    public static void CloseBehindExpectation(HttpContext context)
    {
        if (context.Request.Headers.Expect.Count > 0 && HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
    }

    private static Task Write(HttpContext context, int status, string text)
    {
        CloseBehindExpectation(context);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
