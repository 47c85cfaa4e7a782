namespace MeshCanary.Proxy.Endpoints;

/// <summary>GET of a path; 2xx is healthy.</summary>
internal sealed class HttpProbe(Endpoint endpoint, string path) : IProbe
{
    private readonly Uri _address = new(endpoint.Prefix.TrimEnd('/') + path);

    public async Task<string> AskAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _address) { Version = endpoint.Client.Version, VersionPolicy = endpoint.Client.VersionPolicy };
        request.Headers.Host = endpoint.Authority;
        request.Headers.TryAddWithoutValidation("User-Agent", "meshcanary-proxy");
        try
        {
            using var response = await endpoint.Client.Invoker.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode ? "" : $"its health check {path} answered {(int)response.StatusCode}";
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or InvalidOperationException)
        {
            return $"its health check {path} failed: {failure.GetBaseException().Message.TrimEnd('.')}";
        }
    }
}
