using System.Collections.Concurrent;
using System.Text.Json;
using MeshCanary.Controller.Api;
using MeshCanary.Testing.Backends;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Cli.Tests.Harness;

/// <summary>A real HTTP server that answers as the controller's API would, with views that the test sets.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly TestBackend _backend;

    private StubServer(TestBackend backend) => _backend = backend;

    /// <summary>Views to show, one request after the other; the last one stays.</summary>
    public ConcurrentQueue<CanaryView> Views { get; } = new();

    /// <summary>Bodies of the requests that asked for something, as <c>path body</c>.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Refuses what is asked for with this, when set.</summary>
    public (int Status, string Body)? Refusal { get; set; }

    public string Url => _backend.Address.AbsoluteUri;

    public static async Task<StubServer> StartAsync(params CanaryView[] views)
    {
        var backend = await TestBackend.StartAsync("stub", TestContext.Current.CancellationToken);
        var server = new StubServer(backend);
        foreach (var view in views)
            server.Views.Enqueue(view);
        backend.Answer = server.AnswerAsync;
        return server;
    }

    public ValueTask DisposeAsync() => _backend.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (Refusal is { } refusal)
        {
            context.Response.StatusCode = refusal.Status;
            await context.Response.WriteAsync(refusal.Body);
            return;
        }

        var path = context.Request.Path.Value!;
        if (HttpMethods.IsPost(context.Request.Method))
        {
            using var reader = new StreamReader(context.Request.Body);
            Asked.Enqueue($"{path}{context.Request.QueryString} {await reader.ReadToEndAsync()}");
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        await (path switch
        {
            "/api/v1/canaries" => WriteAsync(context, new[] { Next() }),
            "/api/v1/canaries/default/checkout" => WriteAsync(context, Next()),
            "/api/v1/canaries/default/checkout/events" => WriteAsync(context, After(context)),
            _ => NotFoundAsync(context),
        });
    }

    private static EventView[] After(HttpContext context)
    {
        var after = long.Parse(context.Request.Query["after"].ToString(), System.Globalization.CultureInfo.InvariantCulture);
        return [.. Harness.Views.Log.Where(entry => entry.Id > after)];
    }

    private CanaryView Next()
    {
        Assert.True(Views.TryPeek(out var view));
        if (Views.Count > 1)
            Views.TryDequeue(out _);
        return view;
    }

    private static Task WriteAsync<T>(HttpContext context, T value)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(value, ApiJson.Options));
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return context.Response.WriteAsync("""{"title":"Not found","detail":"There is no Canary default/nobody."}""");
    }
}
