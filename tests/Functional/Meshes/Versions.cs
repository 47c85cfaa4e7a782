using MeshCanary.Testing.Backends;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Functional.Tests.Meshes;

/// <summary>Backends of a quality: a few milliseconds of latency with a long tail, and errors at a steady rate.</summary>
internal static class Versions
{
    public static Task<TestBackend> GoodAsync(string name, CancellationToken cancellation) =>
        StartAsync(name, Answering(1, BackendAnswers.Ok), cancellation);

    /// <summary>Every fourth request fails.</summary>
    public static Task<TestBackend> FailingAsync(string name, CancellationToken cancellation) =>
        StartAsync(name, Answering(1, BackendAnswers.EveryNth(4, BackendAnswers.Status(500), BackendAnswers.Ok)), cancellation);

    /// <summary>Five times the latency.</summary>
    public static Task<TestBackend> SlowAsync(string name, CancellationToken cancellation) =>
        StartAsync(name, Answering(5, BackendAnswers.Ok), cancellation);

    private static Task<TestBackend> StartAsync(string name, RequestDelegate answer, CancellationToken cancellation) =>
        TestBackend.StartAsync(new TestBackendOptions { Version = name, Answer = answer }, cancellation);

    private static RequestDelegate Answering(int slowness, RequestDelegate answer)
    {
        var requests = 0L;
        return context =>
        {
            // The golden ratio spreads the requests evenly over the quantiles, in an order that has nothing to do with
            // how they are split.
            var share = Math.Clamp(Interlocked.Increment(ref requests) * 0.6180339887498949 % 1, 0.001, 0.999);
            return BackendAnswers.After(Latency(share) * slowness, answer)(context);
        };
    }

    /// <summary>Log-logistic, as latencies of services are shaped: median 6 ms, p90 13 ms, p99 30 ms.</summary>
    private static TimeSpan Latency(double share) => TimeSpan.FromMilliseconds(6 * Math.Pow(share / (1 - share), 0.35));
}
