using MeshCanary.Testing.Addresses;
using MeshCanary.Testing.Backends;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Soak.Loads;

/// <summary>The endpoints of one version, of which any may die, stall or fail for a while.</summary>
internal sealed class RoughVersion : IAsyncDisposable
{
    private static readonly RequestDelegate Well = context => SayAsync(context, StatusCodes.Status200OK);
    private static readonly RequestDelegate Failing = context => SayAsync(context, StatusCodes.Status500InternalServerError);
    private static readonly RequestDelegate Slow = BackendAnswers.After(TimeSpan.FromMilliseconds(300), Well);

    private readonly List<TestBackend> _endpoints = [];
    private int _deaths;

    private RoughVersion(string name) => Name = name;

    /// <summary>The version.</summary>
    public string Name { get; }

    /// <summary>Where it listens, as a snapshot has it.</summary>
    public IEnumerable<string> Addresses => _endpoints.Select(endpoint => $"http://{endpoint.HostAndPort}");

    /// <summary>How often an endpoint died.</summary>
    public int Deaths => Volatile.Read(ref _deaths);

    /// <summary>Starts it.</summary>
    public static async Task<RoughVersion> StartAsync(string name, int endpoints, CancellationToken cancellation)
    {
        var version = new RoughVersion(name);
        for (var i = 0; i < endpoints; i++)
            version._endpoints.Add(await TestBackend.StartAsync(new TestBackendOptions { Version = name, Answer = Well, Port = FreePort.Find() }, cancellation));
        return version;
    }

    /// <summary>One endpoint drops every connection, and listens again after a while.</summary>
    public async Task DieAsync(int endpoint, TimeSpan time, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _deaths);
        await _endpoints[endpoint].AbortAsync();
        await WaitAsync(time, cancellation);
        await _endpoints[endpoint].RestartAsync(CancellationToken.None);
    }

    /// <summary>One endpoint takes 300 ms for an answer for a while.</summary>
    public async Task StallAsync(int endpoint, TimeSpan time, CancellationToken cancellation)
    {
        _endpoints[endpoint].Answer = Slow;
        await WaitAsync(time, cancellation);
        _endpoints[endpoint].Answer = Well;
    }

    /// <summary>All endpoints answer 500 for a while, health checks left out.</summary>
    public async Task FailAsync(TimeSpan time, CancellationToken cancellation)
    {
        _endpoints.ForEach(endpoint => endpoint.Answer = Failing);
        await WaitAsync(time, cancellation);
        _endpoints.ForEach(endpoint => endpoint.Answer = Well);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var endpoint in _endpoints)
            await endpoint.DisposeAsync();
    }

    // What was begun is made good also when the run ends meanwhile.
    private static async Task WaitAsync(TimeSpan time, CancellationToken cancellation) =>
        await Task.Delay(time, TimeProvider.System, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static Task SayAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = context.Request.Path == SoakRoutes.Ready ? StatusCodes.Status200OK : status;
        context.Response.ContentLength = 2;
        return context.Response.WriteAsync("ok", context.RequestAborted);
    }
}
