using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MeshCanary.Testing.Backends;

/// <summary>A real HTTP server on 127.0.0.1 whose behaviour the test sets, and may change at any moment.</summary>
public sealed class TestBackend : IAsyncDisposable
{
    private readonly HttpProtocols _protocols;
    private WebApplication? _app;
    private volatile RequestDelegate _answer;
    private long _received;
    private long _served;

    private TestBackend(TestBackendOptions options)
    {
        _protocols = options.Protocols;
        _answer = options.Answer ?? BackendAnswers.Ok;
        Version = options.Version;
        Address = new Uri($"http://127.0.0.1:{options.Port}");
    }

    /// <summary>The value of <c>x-version</c> in every answer.</summary>
    public string Version { get; }

    /// <summary>Where it listens; stays the same over a stop and a restart.</summary>
    public Uri Address { get; private set; }

    /// <summary>Host and port, as a canary's spec has it.</summary>
    public string HostAndPort => Address.Authority;

    /// <summary>Requests that arrived.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Requests that were answered to the end, whatever the status.</summary>
    public long Served => Interlocked.Read(ref _served);

    /// <summary>What is done with the requests that arrive from now on.</summary>
    public RequestDelegate Answer
    {
        get => _answer;
        set => _answer = value;
    }

    /// <summary>Starts a backend.</summary>
    public static async Task<TestBackend> StartAsync(TestBackendOptions options, CancellationToken cancellation = default)
    {
        var backend = new TestBackend(options);
        await backend.ListenAsync(cancellation);
        return backend;
    }

    /// <summary>Starts a backend of a version.</summary>
    public static Task<TestBackend> StartAsync(string version, CancellationToken cancellation = default) =>
        StartAsync(new TestBackendOptions { Version = version }, cancellation);

    /// <summary>Closes the port; requests in flight end as they would.</summary>
    public Task StopAsync(CancellationToken cancellation = default) => CloseAsync(cancellation);

    /// <summary>Closes the port and drops every connection, as a crash would.</summary>
    public Task AbortAsync() => CloseAsync(new CancellationToken(canceled: true));

    /// <summary>Listens again on the same port after a stop.</summary>
    public Task RestartAsync(CancellationToken cancellation = default) => ListenAsync(cancellation);

    /// <summary>Drops what is left.</summary>
    public async ValueTask DisposeAsync() => await AbortAsync();

    private async Task ListenAsync(CancellationToken cancellation)
    {
        if (_app is not null)
            throw new InvalidOperationException($"The backend {Version} already listens on {Address}.");

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(System.Net.IPAddress.Loopback, Address.Port, listen => listen.Protocols = _protocols);
        });

        // A stop that drains waits for its requests, however long they take.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(5));
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(ServeAsync);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        Address = new Uri(app.Urls.Single());
        _app = app;
    }

    private async Task ServeAsync(HttpContext context)
    {
        Interlocked.Increment(ref _received);
        context.Response.Headers["x-version"] = Version;
        await _answer(context);
        if (!context.RequestAborted.IsCancellationRequested)
            Interlocked.Increment(ref _served);
    }

    private async Task CloseAsync(CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _app, null) is not { } app)
            return;

        try
        {
            await app.StopAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Kestrel has dropped the connections that did not end by themselves.
        }
        finally
        {
            await app.DisposeAsync();
        }
    }
}
