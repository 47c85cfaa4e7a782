using MeshCanary.Proxy.Hosting.Listening;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Proxy.Hosting;

/// <summary>Tells HTTP/1.1 clients of a port that ends, by an answer, that their connection does. HTTP/2 has a frame for it.</summary>
internal sealed class DrainNotice(PortSet ports)
{
    /// <summary>Marks the answer when it must be marked; while nothing drains this is one look at a field.</summary>
    public void Apply(HttpContext context)
    {
        if (ports.AnyDraining)
            Mark(context);
    }

    private void Mark(HttpContext context)
    {
        if (!HttpProtocol.IsHttp11(context.Request.Protocol))
            return;
        if (!ports.AllDraining && context.Features.Get<PortConnection>() is not { IsDraining: true })
            return;
        // Late, since only then is known what it is: a tunnel has its own use for the header.
        context.Response.OnStarting(
            static it =>
            {
                var response = ((HttpContext)it).Response;
                if (response.StatusCode != StatusCodes.Status101SwitchingProtocols)
                    response.Headers.Connection = "close";
                return Task.CompletedTask;
            },
            context);
    }
}
