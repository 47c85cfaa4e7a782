using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Json;
using MeshCanary.Analysis.Judging;
using MeshCanary.Controller.Api;
using MeshCanary.Controller.Hosting;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Splitting.Weights;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Support;

/// <summary>A real controller on loopback with a clock of the test's own, and a client of its API.</summary>
internal sealed class TestController : IAsyncDisposable
{
    private TestController(ControllerServer server, FakeTimeProvider time)
    {
        Server = server;
        Time = time;
        Http = new HttpClient { BaseAddress = new Uri($"http://{server.Api}/api/v1/") };
    }

    public ControllerServer Server { get; }

    public FakeTimeProvider Time { get; }

    public HttpClient Http { get; }

    public DateTimeOffset Now => Time.GetUtcNow();

    public static Task<TestController> StartAsync(string folder, FakeTimeProvider time, params CanaryManifest[] canaries) =>
        StartAsync(Options(folder, canaries), time);

    public static async Task<TestController> StartAsync(ControllerOptions options, FakeTimeProvider time, ILoggerFactory? loggers = null) =>
        new(await ControllerServer.StartAsync(options, time, loggers ?? NullLoggerFactory.Instance, TestContext.Current.CancellationToken), time);

    public static ControllerOptions Options(string folder, params CanaryManifest[] canaries) => new()
    {
        Canaries = canaries,
        Api = new IPEndPoint(IPAddress.Loopback, 0),
        Control = new IPEndPoint(IPAddress.Loopback, 0),
        StateFolder = folder,
        RequireStable = false,
    };

    public static CanaryManifest Manifest(string name, string stable, params int[] weights) => new()
    {
        Namespace = "shop",
        Name = name,
        Spec = new CanarySpec
        {
            Workload = new WorkloadSpec { Kind = "Static", Name = name, Stable = new Revision { Name = "v1", Addresses = [stable] } },
            Service = new ServiceSpec { Name = name, PathPrefix = "/" + name },
            Strategy = new StrategySpec
            {
                Steps = [.. (weights.Length == 0 ? [1000, 5000] : weights).Select(weight => new StepSpec { Weight = new BasisPoints(weight), MaxDuration = TimeSpan.FromHours(1) })],
            },
            Analysis = new AnalysisSpec
            {
                Interval = TimeSpan.FromSeconds(1),
                Warmup = TimeSpan.FromSeconds(1),


                // The reports that tests send in have no noise to learn.
                Settings = new AnalysisSettings { ErrorOverdispersion = 1, LatencyOverdispersion = 1, Guards = [new Guard { Metric = "errorRate", Max = 0.5 }] },
            },
            BakeTime = TimeSpan.FromSeconds(30),
        },
    };

    public Task<CanaryView> ViewAsync(string name = "checkout") => Read<CanaryView>($"canaries/shop/{name}");

    public Task<ImmutableArray<EventView>> EventsAsync(string name = "checkout") => Read<ImmutableArray<EventView>>($"canaries/shop/{name}/events");

    public async Task<T> Read<T>(string path) =>
        (await Http.GetFromJsonAsync<T>(path, ApiJson.Options, TestContext.Current.CancellationToken))!;

    public Task<HttpResponseMessage> PostAsync<T>(string path, T body) =>
        Http.PostAsJsonAsync(path, body, ApiJson.Options, TestContext.Current.CancellationToken);

    public async Task AnnounceAsync(string revision, string address, string name = "checkout")
    {
        using var answer = await PostAsync($"canaries/shop/{name}/revisions", new RevisionRequest(revision, [address]));
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public Task<CanaryView> Until(Func<CanaryView, bool> wanted, string otherwise, string name = "checkout") =>
        Eventually.Is(() => ViewAsync(name), wanted, otherwise);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}
