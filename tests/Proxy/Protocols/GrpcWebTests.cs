using System.Text;
using MeshCanary.Proxy.Tests.Harness;

namespace MeshCanary.Proxy.Tests.Protocols;

/// <summary>gRPC-Web is HTTP/1.1 to the proxy: bytes that pass as they are, the trailers at their end too.</summary>
public sealed class GrpcWebTests
{
    // A message of three bytes, and the frame of trailers.
    private const string Body = "\0\0\0\0\u0003abc\u0080\0\0\0\u000fgrpc-status:13\r";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("application/grpc-web+proto", false)]
    [InlineData("application/grpc-web-text", true)]
    public async Task Body_WithItsTrailers_PassesAsItIs(string type, bool text)
    {
        var body = text ? Convert.ToBase64String(Encoding.Latin1.GetBytes(Body)) : Body;
        await using var backend = new StrictBackend(_ => $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));
        using var connection = await RawConnection.OpenAsync(proxy, Cancellation);

        await connection.SendAsync(
            $"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\nX-Grpc-Web: 1\r\nContent-Length: {body.Length}\r\n\r\n{body}", Cancellation);
        var answer = await connection.AnswerAsync(Cancellation);

        Assert.Equal(body, answer?.Body);
        Assert.Equal([type], answer!.Values("Content-Type"));
        Assert.Equal(body, Assert.Single(backend.Requests).Body);
        // The status is within the body, which is nobody's but the client's to read.
        await proxy.ReportedAsync(1);
        Assert.Equal(1, proxy.Controller.Store.Sums().Succeeded);
    }

    [Theory]
    [InlineData("application/grpc-web+proto", 14, 1)]
    [InlineData("application/grpc-web-text", 13, 1)]
    [InlineData("application/grpc-web", 5, 0)]
    [InlineData("application/grpc-web", 0, 0)]
    public async Task Status_AmongTheHeaders_DecidesWhetherItFailed(string type, int status, long errors)
    {
        await using var backend = new StrictBackend(
            _ => $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nGrpc-Status: {status}\r\nContent-Length: 0\r\n\r\n");
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address));

        await RawClient.SendAsync(
            proxy, $"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", Cancellation);

        await proxy.ReportedAsync(1);
        Assert.Equal((errors, 1 - errors), (proxy.Controller.Store.Sums().GrpcErrors, proxy.Controller.Store.Sums().Succeeded));
    }
}
