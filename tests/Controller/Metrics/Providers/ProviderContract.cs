using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Metrics.Prometheus.Asking;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Controller.Metrics.Providers.CloudWatch;
using MeshCanary.Controller.Metrics.Providers.Http;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Rollouts.Specs;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Controller.Tests.Metrics.Providers;

/// <summary>What holds for every provider over HTTP, whatever goes wrong: an answer, and never a value that nobody measured.</summary>
public abstract class ProviderContract : IAsyncLifetime
{
    private readonly ProviderHttp _http = new(TimeProvider.System);
    private readonly PrometheusClient _prometheus = new(TimeProvider.System);
    private RecordedServer _server = null!;

    /// <summary>The middle of the recorded answers' time.</summary>
    protected static DateTimeOffset From { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    protected static DateTimeOffset To { get; } = From.AddMinutes(1);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The spec, without its address.</summary>
    internal abstract MetricProviderSpec Spec { get; }

    /// <summary>A query in its language.</summary>
    protected abstract string Query { get; }

    /// <summary>What its Secret holds; long enough to be found where it must not be.</summary>
    internal abstract ImmutableDictionary<string, string> Credentials { get; }

    /// <summary>Whether it cannot be asked without credentials.</summary>
    protected virtual bool NeedsCredentials => true;

    /// <summary>Most MiB that are read of an answer.</summary>
    protected virtual int MostMegabytes => 4;

    /// <summary>Answers that were recorded, and the values that they are.</summary>
    protected abstract (string File, double[] Values)[] Good { get; }

    /// <summary>Answers of a provider that works and has no number.</summary>
    protected abstract string[] WithoutNumber { get; }

    /// <summary>Faults that are told with a status of success.</summary>
    protected virtual (string File, string Kind)[] Hidden => [];

    internal RecordedServer Server => _server;

    /// <summary>The fault that a status is to it, where it is another than usual.</summary>
    protected virtual string KindOf(int status, string kind) => kind;

    public async ValueTask InitializeAsync() => _server = await RecordedServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _http.Dispose();
        _prometheus.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Answer_Recorded_IsItsValues()
    {
        foreach (var (file, values) in Good)
        {
            Server.Respond = RecordedServer.Say(Recorded.Read(file));
            var answer = Assert.IsType<MetricAnswer.Values>(await AskAsync());
            Assert.Equal(values, answer.Found.Select(value => value.Value));
            Assert.Equal(values.Length, answer.Found.Select(value => string.Join(',', value.Labels.OrderBy(label => label.Key).Select(label => $"{label.Key}={label.Value}"))).Distinct().Count());
        }
    }

    [Fact]
    public async Task Answer_WithoutNumber_IsNothing()
    {
        foreach (var body in WithoutNumber.Select(text => text.EndsWith(".json", StringComparison.Ordinal) || text.EndsWith(".csv", StringComparison.Ordinal) ? Recorded.Read(text) : text))
        {
            Server.Respond = RecordedServer.Say(body);
            var nothing = Assert.IsType<MetricAnswer.Nothing>(await AskAsync());
            Assert.NotEqual("", nothing.Reason);
        }
    }

    [Fact]
    public async Task Answer_FaultWithStatusOfSuccess_IsAFault()
    {
        foreach (var (file, kind) in Hidden)
        {
            Server.Respond = RecordedServer.Say(Recorded.Read(file));
            Assert.Equal(kind, (await FaultAsync()).Kind.ToString());
        }
    }

    [Theory]
    [InlineData(400, nameof(FaultKind.BadQuery))]
    [InlineData(401, nameof(FaultKind.Refused))]
    [InlineData(403, nameof(FaultKind.Refused))]
    [InlineData(404, nameof(FaultKind.BadQuery))]
    [InlineData(408, nameof(FaultKind.Timeout))]
    [InlineData(422, nameof(FaultKind.BadQuery))]
    [InlineData(429, nameof(FaultKind.RateLimited))]
    [InlineData(500, nameof(FaultKind.Unreachable))]
    [InlineData(503, nameof(FaultKind.Unreachable))]
    [InlineData(504, nameof(FaultKind.Timeout))]
    public async Task Status_WithoutSuccess_IsItsFault(int status, string kind)
    {
        // The body would be a value, and the status says that it is none.
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File), status, ("Retry-After", "120"));
        var fault = await FaultAsync();
        Assert.Equal(KindOf(status, kind), fault.Kind.ToString());
        if (status is 429 or 503)
            Assert.Equal(TimeSpan.FromMinutes(2), fault.RetryAfter);
        Assert.Contains(status.ToString(System.Globalization.CultureInfo.InvariantCulture), fault.Reason, StringComparison.Ordinal);
        // A wait that is longer than the question is told, and not waited for.
        Assert.Single(Server.Requests);
    }

    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        await using var other = await RecordedServer.StartAsync(RecordedServer.Say(Recorded.Read(Good[0].File)));
        Server.Respond = RecordedServer.Say("", 307, ("Location", other.Address.ToString()));
        var fault = await FaultAsync();
        Assert.Equal(KindOf(307, nameof(FaultKind.BadQuery)), fault.Kind.ToString());
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData("<html><body>Please log in</body></html>")]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("\"12.5\"")]
    [InlineData("{\"data\":")]
    [InlineData("\u0000\u0001")]
    public async Task Answer_OfAnotherShape_IsNoValue(string body)
    {
        Server.Respond = RecordedServer.Say(body);
        Assert.IsNotType<MetricAnswer.Values>(await AskAsync());
    }

    // Whatever is missing, null or of another type in an answer: what comes of it is no number that was not in it.
    [Fact]
    public async Task Answer_AnyPartOfAnotherShape_GivesNoOtherValue()
    {
        foreach (var (file, values) in Good.Where(good => good.File.EndsWith(".json", StringComparison.Ordinal)))
        {
            var text = Recorded.Read(file);
            var numbers = Spoiled.Numbers(text).Concat(values).ToHashSet();
            foreach (var spoiled in Spoiled.Of(text))
            {
                Server.Respond = RecordedServer.Say(spoiled);
                if (await AskAsync() is MetricAnswer.Values answer)
                    Assert.All(answer.Found, value => Assert.True(numbers.Contains(value.Value), $"{value.Value} was made of {spoiled}"));
            }
        }
    }

    [Fact]
    public async Task Answer_TooLong_IsOfAnotherShape()
    {
        Server.Respond = async context =>
        {
            var chunk = Encoding.ASCII.GetBytes(new string(' ', 1 << 20));
            for (var sent = 0; sent < MostMegabytes + 4 && !context.RequestAborted.IsCancellationRequested; sent++)
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
        };
        var fault = await FaultAsync();
        Assert.Equal(FaultKind.WrongShape, fault.Kind);
        Assert.Contains($"{MostMegabytes} MiB", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_BrokenOff_IsUnreachable()
    {
        var good = Encoding.UTF8.GetBytes(Recorded.Read(Good[0].File));
        Server.Respond = async context =>
        {
            context.Response.ContentLength = good.Length + 1;
            await context.Response.Body.WriteAsync(good);
            await context.Response.Body.FlushAsync();
            context.Abort();
        };
        Assert.Equal(FaultKind.Unreachable, (await FaultAsync(TimeSpan.FromMilliseconds(350))).Kind);
    }

    [Fact]
    public async Task Server_ThatIsAway_IsUnreachable()
    {
        using var away = new Backend(answers: false);
        var question = Question() with { Timeout = TimeSpan.FromMilliseconds(350) };
        var fault = Assert.IsType<MetricAnswer.Fault>(await Provider().AskAsync(question with { Provider = question.Provider with { Address = away.Address } }, Cancellation));
        Assert.Equal(FaultKind.Unreachable, fault.Kind);
    }

    [Fact]
    public async Task Server_ThatHangs_IsATimeout()
    {
        Server.Respond = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        var fault = await FaultAsync(TimeSpan.FromMilliseconds(200));
        Assert.Equal(FaultKind.Timeout, fault.Kind);
        Assert.Contains("0.2 s", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asker_ThatCancels_IsNotAnswered()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Server.Respond = context =>
        {
            stop.Cancel();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Provider().AskAsync(Question(), stop.Token));
    }

    [Fact]
    public async Task Credentials_ThatAreEchoed_AreInNoReason()
    {
        Server.Respond = async context =>
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync("you sent " + string.Join(" ", Credentials.Values) + " " + string.Join(" ", context.Request.Headers.Select(header => $"{header.Key}: {header.Value}")));
        };
        var reason = (await FaultAsync()).Reason;
        Assert.All(Credentials.Where(pair => pair.Key is not CredentialKeys.User), pair => Assert.DoesNotContain(pair.Value, reason, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("YWRtaW4", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_ThatAreMissing_AreNamed()
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        var answer = await Provider().AskAsync(Question() with { Credentials = ImmutableDictionary<string, string>.Empty }, Cancellation);
        if (NeedsCredentials)
        {
            var fault = Assert.IsType<MetricAnswer.Fault>(answer);
            Assert.Equal(FaultKind.Refused, fault.Kind);
            Assert.Contains("shop/keys", fault.Reason, StringComparison.Ordinal);
            Assert.Empty(Server.Requests);
        }
        else
            Assert.IsType<MetricAnswer.Values>(answer);
    }

    internal async Task<MetricAnswer> AskAsync(TimeSpan? timeout = null) => await Provider().AskAsync(Question() with { Timeout = timeout ?? TimeSpan.FromSeconds(20) }, Cancellation);

    internal async Task<MetricAnswer.Fault> FaultAsync(TimeSpan? timeout = null) => Assert.IsType<MetricAnswer.Fault>(await AskAsync(timeout));

    internal IMetricProvider Provider(IAwsIdentity? identity = null) => MetricProviders.Standalone(_http, _prometheus, identity ?? new OwnAwsIdentity(), TimeProvider.System)[Spec.Type];

    internal MetricQuestion Question() => new()
    {
        Provider = Spec with { Address = Server.Address.ToString().TrimEnd('/') + Spec.Address, SecretName = "keys" },
        Namespace = "shop",
        Query = Query,
        From = From,
        To = To,
        Timeout = TimeSpan.FromSeconds(20),
        Credentials = Credentials,
    };

    internal static JsonNode Json(string text) => JsonNode.Parse(text)!;
}
