using MeshCanary.Testing.Backends;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Functional.Tests.Meshes;

/// <summary>Backends of a quality: a few milliseconds of latency that varies, and errors at a steady rate.</summary>
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
            // 4 to 11 ms, in an order that has nothing to do with how requests are split.
            var latency = TimeSpan.FromMilliseconds(4 + (Interlocked.Increment(ref requests) * 5 % 8));
            return BackendAnswers.After(latency * slowness, answer)(context);
        };
    }
}
