using System.Globalization;
using System.Runtime.CompilerServices;
using MeshCanary.Controller.Metrics.Prometheus;
using MeshCanary.Controller.Metrics.Prometheus.Access;
using MeshCanary.Controller.Metrics.Prometheus.Asking;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Testing.Addresses;
using MeshCanary.Testing.Backends;
using Microsoft.AspNetCore.Http;

namespace MeshCanary.Controller.Tests.Metrics.Prometheus;

/// <summary>The client and the provider of templates against a server that answers as is documented, and as servers do when they are in trouble.</summary>
public sealed class PrometheusClientTests : IAsyncLifetime
{
    private readonly PrometheusClient _client = new(TimeProvider.System);
    private TestBackend _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestBackend.StartAsync("prometheus", Cancellation);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(400, "bad-query.json", "BadQuery", "unclosed left parenthesis")]
    [InlineData(422, "too-many-samples.json", "BadQuery", "too many samples")]
    [InlineData(503, "timeout.json", "Timeout", "query timed out")]
    [InlineData(401, "login.html", "Refused", "credentials")]
    [InlineData(403, "login.html", "Refused", "credentials")]
    [InlineData(404, "login.html", "WrongShape", "/api/v1/query")]
    [InlineData(302, "login.html", "WrongShape", "elsewhere")]
    [InlineData(429, "login.html", "RateLimited", "too often")]
    [InlineData(500, "login.html", "Unreachable", "out of order (500)")]
    [InlineData(200, "login.html", "WrongShape", "not what the API")]
    [InlineData(200, "truncated.json", "WrongShape", "not what the API")]
    [InlineData(200, "partial.json", "WrongShape", "incomplete")]
    [InlineData(200, "string.json", "WrongShape", "a string")]
    [InlineData(200, "wrong-bucket.json", "WrongShape", "not what the API")]
    [InlineData(200, "bad-query.json", "WrongShape", "without success")]
    public async Task Ask_Trouble_IsAFaultThatSaysWhat(int status, string file, string kind, string says)
    {
        Answer(status, file);

        var fault = Assert.IsType<MetricAnswer.Fault>(await ProvideAsync());
        Assert.Equal(kind, fault.Kind.ToString());
        Assert.Contains(says, fault.Reason, StringComparison.Ordinal);
        Assert.Contains(_server.HostAndPort, fault.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", fault.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("empty.json", "no series")]
    [InlineData("nan.json", "1 of 2 series")]
    public async Task Ask_AnswerWithoutANumber_IsNothingAndNoValue(string file, string says)
    {
        Answer(200, file);

        Assert.Contains(says, Assert.IsType<MetricAnswer.Nothing>(await ProvideAsync()).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("matrix.json", "one number")]
    [InlineData("native.json", "histogram_quantile")]
    public async Task Ask_AnswerThatIsNoSingleNumber_IsABadQuery(string file, string says)
    {
        Answer(200, file);

        var fault = Assert.IsType<MetricAnswer.Fault>(await ProvideAsync());
        Assert.Equal((FaultKind.BadQuery, true), (fault.Kind, fault.Reason.Contains(says, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Ask_VectorAndScalar_AreValuesWithTheirLabels()
    {
        Answer(200, "vector.json");
        var values = Assert.IsType<MetricAnswer.Values>(await ProvideAsync()).Found;
        Assert.Equal([("prometheus", 1), ("node", 0)], values.Select(value => (value.Labels["job"], value.Value)));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1772366400781), values[0].At);

        Answer(200, "scalar.json");
        Assert.Equal(0.25, Assert.Single(Assert.IsType<MetricAnswer.Values>(await ProvideAsync()).Found).Value);
    }

    [Fact]
    public async Task Ask_MatrixAndNativeHistogram_AreReadAsTheyAre()
    {
        Answer(200, "matrix.json");
        var samples = Assert.Single((await AskAsync(Access())).Series).Samples;
        Assert.Equal([new PrometheusSample(1772366400781, 1), new PrometheusSample(1772366415781, double.PositiveInfinity)], samples);

        Answer(200, "native.json");
        var histogram = Assert.Single(Assert.Single((await AskAsync(Access())).Series).Histograms);
        Assert.Equal(8, histogram.Count);
        Assert.Equal([new PrometheusBucket(-0.001, 0.001, 1), new PrometheusBucket(0.25, 0.5, 5), new PrometheusBucket(0.5, 1, 2)], histogram.Buckets);
    }

    [Fact]
    public async Task Ask_Query_IsPostedWithItsInstantAndCredentials()
    {
        (string Path, string Query, string Time, string Authorization, string Tenant)? seen = null;
        _server.Answer = async context =>
        {
            var form = await context.Request.ReadFormAsync();
            seen = (context.Request.Path, form["query"]!, form["time"]!, context.Request.Headers.Authorization!, context.Request.Headers["X-Scope-OrgID"]!);
            await WriteAsync(context, 200, "empty.json");
        };
        var keys = new Dictionary<string, string> { ["username"] = "me", ["password"] = "pass:word\n", ["header.X-Scope-OrgID"] = "shop" };
        await _client.AskAsync(Access(keys) with { Address = $"http://{_server.HostAndPort}/prom/" }, "up{job=\"a\"}", DateTimeOffset.FromUnixTimeMilliseconds(1772366400781), Cancellation);

        Assert.Equal(("/prom/api/v1/query", "up{job=\"a\"}", "1772366400.781", "Basic bWU6cGFzczp3b3Jk", "shop"), seen);
    }

    [Fact]
    public async Task Ask_PassingTrouble_IsTriedAgain()
    {
        var asked = 0;
        _server.Answer = context => WriteAsync(context, Interlocked.Increment(ref asked) < 3 ? 503 : 200, "scalar.json");

        Assert.IsType<MetricAnswer.Values>(await ProvideAsync());
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task Ask_LongRetryAfter_IsTakenAtItsWordAndHandedOn()
    {
        var asked = 0;
        _server.Answer = context =>
        {
            Interlocked.Increment(ref asked);
            context.Response.Headers.RetryAfter = "120";
            return WriteAsync(context, 429, "login.html");
        };

        Assert.Equal(TimeSpan.FromSeconds(120), Assert.IsType<MetricAnswer.Fault>(await ProvideAsync()).RetryAfter);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Ask_ServerThatNeverAnswers_IsATimeout()
    {
        _server.Answer = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);

        var answer = await _client.AskAsync(Access() with { Timeout = TimeSpan.FromMilliseconds(200) }, "up", DateTimeOffset.UnixEpoch, Cancellation);
        Assert.Equal(FaultKind.Timeout, answer.Fault?.Kind);
    }

    [Fact]
    public async Task Ask_NobodyThere_IsUnreachable()
    {
        var access = Access() with { Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Find()}") };
        Assert.Equal(FaultKind.Unreachable, (await AskAsync(access)).Fault?.Kind);
    }

    [Fact]
    public async Task Ask_ConnectionThatBreaks_IsUnreachable()
    {
        _server.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        Assert.Equal(FaultKind.Unreachable, (await AskAsync(Access())).Fault?.Kind);
    }

    [Fact]
    public async Task Ask_AuthoritiesThatAreNone_AreAFaultAndNoCrash()
    {
        var access = Access(new Dictionary<string, string> { ["ca.crt"] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" }) with { Address = "https://127.0.0.1:1" };
        Assert.Equal(FaultKind.Unreachable, (await AskAsync(access)).Fault?.Kind);
    }

    [Theory]
    [InlineData("token=a;username=b;password=c", "keep one")]
    [InlineData("username=b", "add the other")]
    [InlineData("token=ä", "no header may have")]
    [InlineData("header.a b=c", "does not name a header")]
    public void Credentials_ThatMakeNoSense_AreRefusedWithoutTheirValues(string written, string says)
    {
        var keys = written.Split(';').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        _ = PrometheusCredentials.Of(keys, out var problem);

        Assert.Contains(says, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("ä", problem, StringComparison.Ordinal);
    }

    private Task<MetricAnswer> ProvideAsync() => new PrometheusProvider(_client).AskAsync(
        new MetricQuestion
        {
            Provider = new MetricProviderSpec { Type = "prometheus", Address = $"http://{_server.HostAndPort}" },
            Namespace = "shop",
            Query = "up",
            From = DateTimeOffset.UnixEpoch,
            To = DateTimeOffset.UnixEpoch.AddMinutes(1),
            Timeout = TimeSpan.FromSeconds(20),
            Credentials = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("token", "secret-token"),
        },
        Cancellation);

    private Task<PrometheusAnswer> AskAsync(PrometheusAccess access) => _client.AskAsync(access, "up", DateTimeOffset.UnixEpoch, Cancellation);

    private PrometheusAccess Access(Dictionary<string, string>? keys = null)
    {
        var credentials = PrometheusCredentials.Of(keys ?? [], out var problem);
        Assert.Null(problem);
        return new PrometheusAccess($"http://{_server.HostAndPort}", credentials, SkipsVerification: false, TimeSpan.FromSeconds(20));
    }

    private void Answer(int status, string file) => _server.Answer = context => WriteAsync(context, status, file);

    private static Task WriteAsync(HttpContext context, int status, string file, [CallerFilePath] string here = "")
    {
        context.Response.StatusCode = status;
        if (status == 302)
            context.Response.Headers.Location = "https://elsewhere.example/";
        return context.Response.SendFileAsync(Path.Combine(Path.GetDirectoryName(here)!, "Answers", file));
    }
}
