using System.Collections.Concurrent;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;

namespace MeshCanary.Machinery.Tests.Harness;

/// <summary>
/// Speaks the list and watch protocol word for word as a test tells it, on a real socket: for what a real API server will not do on request.
/// Each list and each watch takes the next answer of its script; without one a list is empty and a watch says nothing.
/// </summary>
internal sealed class ScriptedApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _ended = new();
    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();

    private ScriptedApi(WebApplication app)
    {
        _app = app;
        app.Run(AnswerAsync);
    }

    /// <summary>What was asked, path and query.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>What was sent with it.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    /// <summary>The lists of the script.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> Lists { get; } = new();

    /// <summary>The watches of the script.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> Watches { get; } = new();

    /// <summary>Answers to everything else but discovery.</summary>
    public Func<HttpContext, Task>? Others { get; set; }

    /// <summary>What is served, by version; discovery answers by it. Others are 404.</summary>
    public ConcurrentDictionary<string, string[]> Served { get; } = new(
        [new("v1", ["pods", "events", "endpoints"]), new("apps/v1", ["deployments"])]);

    /// <summary>Whether it tells everything in one answer, as servers since 1.26.</summary>
    public bool Aggregates { get; set; }

    /// <summary>Whether discovery answers with 503.</summary>
    public bool DiscoveryFails { get; set; }

    public ClusterAccess Cluster { get; private set; } = null!;

    public static async Task<ScriptedApi> StartAsync(TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var api = new ScriptedApi(builder.Build());
        await api._app.StartAsync();
        var address = api._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        api.Cluster = ClusterAccess.Connect(
            new KubernetesClientConfiguration { Host = address },
            Prometheus.Metrics.WithCustomRegistry(api._registry), time ?? TimeProvider.System, NullLoggerFactory.Instance);
        return api;
    }

    public int Count(string part) => Requests.Count(request => request.Contains(part, StringComparison.Ordinal));

    /// <summary>A metric by its line, such as <c>meshcanary_x{resource="pods"}</c>; NaN when it is not there.</summary>
    public async Task<double> MetricAsync(string line)
    {
        using var stream = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(stream);
        var text = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        var found = text.Split('\n').FirstOrDefault(each => each.StartsWith(line + " ", StringComparison.Ordinal));
        return found is null ? double.NaN : double.Parse(found[(line.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Holds an answer open until the test ends or the client goes.</summary>
    public async Task HoldAsync(HttpContext http)
    {
        await http.Response.Body.FlushAsync();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _ended.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, either.Token).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    /// <summary>A watch that says some lines and then stays open.</summary>
    public Func<HttpContext, Task> Lines(params string[] lines) => async http =>
    {
        foreach (var line in lines)
            await http.Response.WriteAsync(line + "\n");
        await HoldAsync(http);
    };

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        Cluster.Dispose();
        await _app.DisposeAsync();
        _ended.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!.Trim('/');
        Bodies.Enqueue(await new StreamReader(http.Request.Body).ReadToEndAsync());
        Requests.Enqueue($"{http.Request.Method} {path}{Uri.UnescapeDataString(http.Request.QueryString.Value ?? "")}");
        if (path is "api" or "apis" || Discovered(path) is not null)
        {
            await DiscoverAsync(http, path);
            return;
        }

        var served = Served.Any(pair => pair.Value.Any(plural => path.StartsWith(Root(pair.Key), StringComparison.Ordinal) && path.Contains(plural, StringComparison.Ordinal)));
        if (!served)
            await Say.Status(404, "NotFound", "the server could not find the requested resource")(http);
        else if (http.Request.Query.ContainsKey("watch"))
            await (Watches.TryDequeue(out var watch) ? watch(http) : HoldAsync(http));
        else if (Others is not null)
            await Others(http);
        else
            await (Lists.TryDequeue(out var list) ? list(http) : Say.Json(Json.List("1"))(http));
    }

    private static string Root(string version) => version.Contains('/', StringComparison.Ordinal) ? $"apis/{version}/" : $"api/{version}/";

    private string? Discovered(string path) => path.Count(letter => letter == '/') switch
    {
        1 when path.StartsWith("api/", StringComparison.Ordinal) => path[4..],
        2 when path.StartsWith("apis/", StringComparison.Ordinal) => path[5..],
        _ => null,
    };

    private Task DiscoverAsync(HttpContext http, string path)
    {
        if (DiscoveryFails)
            return Say.Status(503, "ServiceUnavailable", "not now")(http);
        if (Discovered(path) is { } version)
        {
            return Served.TryGetValue(version, out var plurals)
                ? Say.Json(Json.Resources(plurals))(http)
                : Say.Status(404, "NotFound", "the server could not find the requested resource")(http);
        }

        var core = path == "api";
        var mine = Served.Where(pair => pair.Key.Contains('/', StringComparison.Ordinal) != core).ToArray();
        if (Aggregates && http.Request.Headers.Accept.ToString().Contains("APIGroupDiscoveryList", StringComparison.Ordinal))
            return Say.Json(Json.Aggregated(mine))(http);
        return Say.Json(core ? Json.Versions(mine.Select(pair => pair.Key)) : Json.Groups(mine.Select(pair => pair.Key)))(http);
    }
}
