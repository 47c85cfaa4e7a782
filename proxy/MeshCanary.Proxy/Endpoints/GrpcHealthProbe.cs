using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace MeshCanary.Proxy.Endpoints;

/// <summary>A call of <c>grpc.health.v1.Health/Check</c>; SERVING is healthy.</summary>
internal sealed class GrpcHealthProbe : IProbe
{
    private readonly HealthCheckRequest _request;
    private readonly Health.HealthClient _health;

    public GrpcHealthProbe(Endpoint endpoint, string service)
    {
        _request = new HealthCheckRequest { Service = service };
        // The endpoint's own connections, which are not the channel's to close.
        var channel = GrpcChannel.ForAddress(endpoint.Prefix, new GrpcChannelOptions { HttpClient = new HttpClient(new Borrowed(endpoint)) });
        _health = new Health.HealthClient(channel);
    }

    public async Task<string> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _health.CheckAsync(_request, cancellationToken: cancellationToken);
            return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving
                ? ""
                : $"its gRPC health check{Subject} answered {answer.Status}";
        }
        catch (RpcException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return failure.StatusCode switch
            {
                StatusCode.Unimplemented => "it has no grpc.health.v1.Health: add that service, or use a health check over HTTP",
                StatusCode.NotFound => $"its gRPC health check does not know the service '{_request.Service}'",
                _ => $"its gRPC health check{Subject} failed: {failure.Status.Detail.TrimEnd('.')} ({failure.StatusCode})",
            };
        }
    }

    private string Subject => _request.Service.Length == 0 ? "" : $" of '{_request.Service}'";

    private sealed class Borrowed(Endpoint endpoint) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Host = endpoint.Authority;
            return endpoint.Client.Invoker.SendAsync(request, cancellationToken);
        }
    }
}
