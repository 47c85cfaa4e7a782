using System.Net.Sockets;

namespace MeshCanary.Controller.Workloads;

/// <summary>Asks an endpoint whether it is ready: 2xx on the health path, or an accepted connection where there is none.</summary>
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
    public async Task<string?> ProbeAsync(string address, string healthPath, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var uri = new Uri(address);
            return healthPath.Length == 0
                ? await ConnectAsync(uri, either.Token).ConfigureAwait(false)
                : await AskAsync(new Uri(uri, healthPath), either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {Patience.TotalSeconds:0} s";
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

    private async Task<string?> AskAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode ? null : $"{uri.PathAndQuery} answered {(int)response.StatusCode}";
    }
}
