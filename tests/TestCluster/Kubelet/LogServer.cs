using System.Net;
using MeshCanary.TestCluster.ControlPlane;
using MeshCanary.TestCluster.Isolation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>The part of a kubelet's own API that <c>kubectl logs</c> needs: the whole log of a container, for all nodes.</summary>
internal static class LogServer
{
    /// <summary>The port of kubelets.</summary>
    public const int Port = 10250;

    /// <summary>Starts it; disposing of what is returned ends it.</summary>
    /// <param name="parts">Knows where the logs are.</param>
    /// <param name="authority">Issues its certificate.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static async Task<IAsyncDisposable> StartAsync(KubeletParts parts, CertificateAuthority authority, CancellationToken cancellation)
    {
        var certificate = authority.Issue("kubelet", [], [OwnNamespace.Gateway]).Load();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Parse(OwnNamespace.Gateway), Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(certificate);
            }));

        var app = builder.Build();
        app.Run(context => AnswerAsync(context, parts));
        await app.StartAsync(cancellation);
        return app;
    }

    private static async Task AnswerAsync(HttpContext context, KubeletParts parts)
    {
        var names = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (names is ["containerLogs", var space, var pod, var container] && File.Exists(parts.LogFile(space, pod, container)))
        {
            await context.Response.SendFileAsync(parts.LogFile(space, pod, container), context.RequestAborted);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        await context.Response.WriteAsync("The stand-in kubelet serves logs of pods that ran here, and nothing else.", context.RequestAborted);
    }
}
