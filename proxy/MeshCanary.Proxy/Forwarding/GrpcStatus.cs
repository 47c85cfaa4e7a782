using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>Reads how a gRPC call ended.</summary>
internal static class GrpcStatus
{
    private const string Name = "grpc-status";

    private const int Unknown = 2;
    private const int DeadlineExceeded = 4;
    private const int Unimplemented = 12;
    private const int Internal = 13;
    private const int Unavailable = 14;
    private const int DataLoss = 15;

    /// <summary>Whether a content type is gRPC's own, with the status among headers or trailers.</summary>
    public static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == 16 || contentType[16] is '+' or ';' or ' ');

    /// <summary>Whether a content type is gRPC-Web's: its status is in the body, which is not read, unless the call failed at once.</summary>
    public static bool IsGrpcWeb(string? contentType) =>
        contentType is not null && contentType.StartsWith("application/grpc-web", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the headers of a response say that the server failed.</summary>
    public static bool FailedAtOnce(HttpContext context) =>
        context.Response.Headers[Name] is { Count: > 0 } status && Failed(status.ToString());

    /// <summary>Whether the finished response of a gRPC call says that the server failed.</summary>
    public static bool Failed(HttpContext context)
    {
        // A call that failed before its first message has the status among the headers.
        var status = context.Response.Headers[Name];
        if (StringValues.IsNullOrEmpty(status))
            status = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers[Name] ?? StringValues.Empty;

        return Failed(status.ToString());
    }

    /// <summary>Whether a gRPC response that was read to its end says that the server failed.</summary>
    public static bool Failed(HttpResponseMessage response) => Failed(
        response.Headers.TryGetValues(Name, out var status) || response.TrailingHeaders.TryGetValues(Name, out status)
            ? status.FirstOrDefault()
            : null);

    // A response without a status broke the protocol; clients report it as UNKNOWN.
    private static bool Failed(string? status) =>
        !int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
        || code is Unknown or DeadlineExceeded or Unimplemented or Internal or Unavailable or DataLoss;
}
