using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Workloads;

/// <summary>
/// Asks an endpoint whether it is ready: 2xx on a path, SERVING by the health protocol of gRPC, or an accepted connection
/// where nothing is to be asked.
/// </summary>
internal sealed class EndpointProbe(TimeProvider time) : IDisposable
{
    // An answer that takes longer is none.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = Patience,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    });

    /// <summary>Probes once. Returns null when the endpoint is ready, otherwise why not, in plain words.</summary>
    public async Task<string?> ProbeAsync(string address, LookingAt how, CancellationToken cancellationToken)
    {
        var patience = how.Check?.Timeout ?? Patience;
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return how.Check switch
            {
                null => await ConnectAsync(new Uri(address), either.Token).ConfigureAwait(false),
                { GrpcService: { } service } => await CallAsync(address, service, either.Token).ConfigureAwait(false),
                { Path: var path } => await AskAsync(new Uri(new Uri(address), path), how.Protocol, either.Token).ConfigureAwait(false),
            };
        }
        catch (Exception late) when (late is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled } && !cancellationToken.IsCancellationRequested)
        {
            return patience.TotalSeconds >= 1 ? $"no answer within {patience.TotalSeconds:0.###} s" : $"no answer within {patience.TotalMilliseconds:0} ms";
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            return $"grpc.health.v1.Health/Check answered {failure.StatusCode}: {failure.Status.Detail.TrimEnd('.')}";
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return (failure.InnerException ?? failure).Message;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<string?> ConnectAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(uri.IdnHost, uri.Port, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async Task<string?> AskAsync(Uri uri, UpstreamProtocolSpec protocol, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (protocol == UpstreamProtocolSpec.Http2)
            (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode ? null : $"{uri.PathAndQuery} answered {(int)response.StatusCode}";
    }

    private async Task<string?> CallAsync(string address, string service, CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpClient = new HttpClient(new Forwarding(_http)), DisposeHttpClient = true });
        var answer = await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: cancellationToken).ConfigureAwait(false);
        return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving ? null : $"{(service.Length == 0 ? "the server" : service)} is {answer.Status}";
    }

    /// <summary>Lends the connections of an invoker, and leaves them alone when it is disposed.</summary>
    private sealed class Forwarding(HttpMessageInvoker invoker) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            invoker.SendAsync(request, cancellationToken);
    }
}
