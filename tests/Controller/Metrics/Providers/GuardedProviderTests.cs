using System.Collections.Immutable;
using System.Net;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Controller.Metrics.Providers.Http;
using MeshCanary.Rollouts.Specs;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Metrics.Providers;

public sealed class GuardedProviderTests
{
    private static readonly MetricQuestion Question = new()
    {
        Provider = new MetricProviderSpec { Type = "odd", Address = "http://localhost" },
        Namespace = "shop",
        Query = "q",
        From = DateTimeOffset.UnixEpoch,
        To = DateTimeOffset.UnixEpoch.AddMinutes(1),
        Timeout = TimeSpan.FromSeconds(1),
        Credentials = ImmutableDictionary<string, string>.Empty.Add("token", "hunter22"),
    };

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public async Task Value_ThatIsNotFinite_IsNothing(double value) =>
        Assert.IsType<MetricAnswer.Nothing>(await AskAsync((_, _) => Task.FromResult<MetricAnswer>(new MetricAnswer.Values([new(ImmutableDictionary<string, string>.Empty, 1, null), new(ImmutableDictionary<string, string>.Empty, value, null)]))));

    [Fact]
    public async Task Values_WithoutOne_AreNothing()
    {
        Assert.IsType<MetricAnswer.Nothing>(await AskAsync((_, _) => Task.FromResult<MetricAnswer>(new MetricAnswer.Values([]))));
        Assert.IsType<MetricAnswer.Nothing>(await AskAsync((_, _) => Task.FromResult<MetricAnswer>(new MetricAnswer.Values(default))));
        Assert.IsType<MetricAnswer.Fault>(await AskAsync((_, _) => Task.FromResult<MetricAnswer>(null!)));
    }

    [Fact]
    public async Task Exception_IsAFaultWithoutItsMessage()
    {
        var fault = Assert.IsType<MetricAnswer.Fault>(await AskAsync((_, _) => throw new InvalidOperationException("hunter22 and the query")));
        Assert.DoesNotContain("query", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Provider_ThatForgetsTheTime_IsATimeout()
    {
        var time = new FakeTimeProvider();
        var asked = new TaskCompletionSource();
        var answer = new GuardedProvider(new Odd(async (_, stop) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stop);
            throw new InvalidOperationException();
        }), time).AskAsync(Question, TestContext.Current.CancellationToken);
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(FaultKind.Timeout, Assert.IsType<MetricAnswer.Fault>(await answer).Kind);
    }

    [Theory]
    [InlineData("169.254.169.254", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("10.0.0.1", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("fd00::1", true)]
    public void Address_OfTheLocalLink_IsNotAsked(string address, bool may) => Assert.Equal(may, ProviderHandler.MayConnect(IPAddress.Parse(address)));

    private static Task<MetricAnswer> AskAsync(Func<MetricQuestion, CancellationToken, Task<MetricAnswer>> ask) =>
        new GuardedProvider(new Odd(ask), TimeProvider.System).AskAsync(Question, TestContext.Current.CancellationToken);

    private sealed class Odd(Func<MetricQuestion, CancellationToken, Task<MetricAnswer>> ask) : IMetricProvider
    {
        public string Type => "odd";

        public Task<MetricAnswer> AskAsync(MetricQuestion question, CancellationToken cancellationToken) => ask(question, cancellationToken);
    }
}
