using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Endpoints;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Proxy.Upstreams;
using MeshCanary.Testing.Waiting;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Proxy.Tests.Endpoints;

/// <summary>A board with a clock that the test moves, names that it answers, and the log.</summary>
internal sealed class TestBoard : IDisposable
{
    public TestBoard() => Board = new EndpointBoard(new ConnectLimits(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1)), Time, Log, TimeSpan.FromSeconds(5), Names);

    public FakeTimeProvider Time { get; } = new();

    public TestNames Names { get; } = new();

    public LogSink Log { get; } = new();

    public RevisionCounters Counters { get; } = new("shop/checkout", "v1");

    public EndpointBoard Board { get; }

    public static Arm Arm(params string[] endpoints) => new() { Revision = "v1", Endpoints = { endpoints } };

    /// <summary>Addresses that nobody asks whether anything listens there.</summary>
    public static Arm Arm(int endpoints) => Arm([.. Enumerable.Range(1, endpoints).Select(i => $"http://10.0.0.{i}:80")]);

    public EndpointSet Apply(Arm arm)
    {
        var set = Board.Prepare(Counters, arm);
        Board.Retain([set]);
        return set;
    }

    /// <summary>Moves the clock, a little at a time, until something is true.</summary>
    public Task UntilAsync(Func<bool> condition, string because, TimeSpan? step = null) => Eventually.TrueAsync(
        () =>
        {
            if (condition())
                return true;
            Time.Advance(step ?? TimeSpan.FromMilliseconds(250));
            return condition();
        },
        TestProxy.Deadline,
        because,
        () => Log.ToString(),
        TestContext.Current.CancellationToken);

    public void Dispose() => Board.Dispose();
}
