using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MeshCanary.Proxy.Upstreams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Tests.Upstreams;

/// <summary>A server that forwards every request to one upstream, and notes how each exchange ended.</summary>
internal sealed class ForwardingHost : IAsyncDisposable, IHttp1Edits
{
    private readonly WebApplication _app;
    private readonly Http1Upstreams _upstreams;

    private ForwardingHost(WebApplication app, Http1Upstreams upstreams) => (_app, _upstreams) = (app, upstreams);

    public Uri Address => new(_app.Urls.First());

    public Uri Http2Address => new(_app.Urls.Last());

    public required Http1Pool Pool { get; init; }

    /// <summary>How exchanges ended, in the order of their ends.</summary>
    public ConcurrentQueue<(ForwarderError Error, Exception? Cause)> Ends { get; } = [];

    public bool MayGoElsewhere { get; set; }

    public Func<HttpContext, IHeaderDictionary?> Change { get; set; } = _ => null;

    /// <summary>Called when an exchange has ended, before the server goes on with the request.</summary>
    public Action Ended { get; set; } = () => { };

    /// <summary>Ends the exchanges of requests that come.</summary>
    public CancellationTokenSource Caller { get; } = new();

    public static async Task<ForwardingHost> StartAsync(
        string upstream, CancellationToken cancellation, TimeProvider? time = null, TimeSpan? silence = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        var upstreams = new Http1Upstreams(new ConnectLimits(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1)), silence ?? TimeSpan.FromSeconds(100), time ?? TimeProvider.System);
        var host = new ForwardingHost(app, upstreams) { Pool = upstreams.For(new Uri(upstream), new Uri(upstream).Authority)! };
        app.Run(host.ForwardAsync);
        await app.StartAsync(cancellation);
        return host;
    }

    public IHeaderDictionary? ChangeRequest(HttpContext context) => Change(context);

    public void Respond(HttpContext context) => context.Response.Headers["X-Seen"] = "1";

    /// <summary>Sends bytes on a connection of their own and reads all that comes back until the end, or until it is enough.</summary>
    public async Task<string> AskAsync(string request, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Address.Port, cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), cancellation);
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, cancellation);
        }
        catch (IOException)
        {
            // What was broken off ends in this way.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    /// <summary>Gets a path, on a connection that ends with the response.</summary>
    public Task<string> GetAsync(CancellationToken cancellation, string path = "/", string headers = "", string method = "GET") =>
        AskAsync($"{method} {path} HTTP/1.1\r\nHost: shop\r\n{headers}Connection: close\r\n\r\n", cancellation);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
        _upstreams.Dispose();
        Caller.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var error = await Http1Forwarder.SendAsync(context, Pool, this, Caller.Token);
        Ended();
        Ends.Enqueue((error, context.Features.Get<IForwarderErrorFeature>()?.Exception));
    }
}
