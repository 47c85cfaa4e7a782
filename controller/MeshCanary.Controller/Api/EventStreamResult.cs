using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MeshCanary.Controller.Api;

/// <summary>Server-sent events: what is new now, and again whenever something changes.</summary>
internal sealed class EventStreamResult(Pulse changed, TimeProvider time, Func<IReadOnlyList<StreamItem>> next) : IResult
{
    // So that both sides, and what stands between them, learn of a broken connection.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var stopping = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        httpContext.Response.ContentType = "text/event-stream";
        httpContext.Response.Headers.CacheControl = "no-store";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await WriteAsync(httpContext.Response, ": here it begins\n\n", end.Token).ConfigureAwait(false);
            while (!end.IsCancellationRequested)
                await RoundAsync(httpContext.Response, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client went away, or the controller stops: the client comes back with the last id.
        }
    }

    private async Task RoundAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        // Taken before looking: a change in between ends the wait at once.
        var change = changed.Next;
        foreach (var item in next())
            await WriteAsync(response, string.Create(CultureInfo.InvariantCulture, $"id: {item.Id}\ndata: {item.Json}\n\n"), cancellationToken).ConfigureAwait(false);
        try
        {
            await change.WaitAsync(Heartbeat, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await WriteAsync(response, ": still here\n\n", cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(HttpResponse response, string text, CancellationToken cancellationToken)
    {
        await response.WriteAsync(text, cancellationToken).ConfigureAwait(false);
        await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
