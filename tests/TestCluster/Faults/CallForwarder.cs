using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MeshCanary.TestCluster.ControlPlane;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.TestCluster.Faults;

/// <summary>Passes calls on to the API server, and events of watches one by one.</summary>
internal sealed class CallForwarder : IDisposable
{
    // Of one connection only, or written anew by whoever sends.
    private static readonly HashSet<string> OwnHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Host", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Content-Length",
    };

    private readonly Uri _server;
    private readonly Func<ApiCall, string, EventFate> _fate;
    private readonly HttpMessageInvoker _asAdmin;
    private readonly HttpMessageInvoker _asCaller;

    /// <summary>Prepares it.</summary>
    /// <param name="admin">The way to the API server.</param>
    /// <param name="fate">Says what becomes of an event of a watch.</param>
    public CallForwarder(Access admin, Func<ApiCall, string, EventFate> fate)
    {
        (_server, _fate) = (admin.Server, fate);
        _asAdmin = Invoker(admin.Authority, admin.Certificate);
        _asCaller = Invoker(admin.Authority, null);
    }

    /// <summary>Passes a call on and its answer back.</summary>
    /// <param name="context">The call.</param>
    /// <param name="call">What is seen of it.</param>
    public async Task ForwardAsync(HttpContext context, ApiCall call)
    {
        using var request = Request(context, call);
        var invoker = request.Headers.Authorization is null ? _asAdmin : _asCaller;
        using var answer = await invoker.SendAsync(request, context.RequestAborted);

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
            if (!OwnHeaders.Contains(name))
                context.Response.Headers[name] = values.ToArray();
        await using var body = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
        if (call.IsWatch && answer.StatusCode == HttpStatusCode.OK)
            await CopyEventsAsync(body, context, call);
        else
            await body.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    /// <summary>Ends the connections.</summary>
    public void Dispose()
    {
        _asAdmin.Dispose();
        _asCaller.Dispose();
    }

    private HttpRequestMessage Request(HttpContext context, ApiCall call)
    {
        var request = new HttpRequestMessage(new HttpMethod(call.Method), new Uri(_server, call.Path + call.Query));
        if (call.IsWrite)
            request.Content = new StreamContent(context.Request.Body);
        foreach (var (name, values) in context.Request.Headers)
        {
            // Answers are read here, so they must not come compressed.
            if (OwnHeaders.Contains(name) || name.Equals("Accept-Encoding", StringComparison.OrdinalIgnoreCase))
                continue;
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        return request;
    }

    private async Task CopyEventsAsync(Stream body, HttpContext context, ApiCall call)
    {
        await context.Response.Body.FlushAsync(context.RequestAborted);
        using var reader = new StreamReader(body, Encoding.UTF8);
        while (await reader.ReadLineAsync(context.RequestAborted) is { } line)
        {
            switch (_fate(call, line))
            {
                case EventFate.Drop:
                    continue;
                case EventFate.Twice:
                    await WriteAsync(context, line);
                    break;
                case EventFate.Reset:
                    context.Abort();
                    return;
                case EventFate.Gone:
                    await WriteAsync(context, $$"""{"type":"ERROR","object":{{((Fault.Answer)Fault.Gone).Body}}}""");
                    return;
            }

            await WriteAsync(context, line);
        }
    }

    private static async Task WriteAsync(HttpContext context, string line)
    {
        await context.Response.WriteAsync(line + "\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static HttpMessageInvoker Invoker(string authority, KeyPair? certificate)
    {
        var root = X509Certificate2.CreateFromPem(authority);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { root },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        };
        if (certificate is { } pair)
            handler.SslOptions.ClientCertificates = [pair.Load()];
        return new HttpMessageInvoker(handler);
    }
}
