using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using k8s;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Controller.Metrics.Providers.Jobs;
using MeshCanary.Machinery;
using MeshCanary.Rollouts.Specs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshCanary.Controller.Tests.Metrics.Providers;

/// <summary>The provider of Jobs against a small API server over HTTP, which keeps Jobs and gives the pods that a test wants.</summary>
public sealed class JobTests : IAsyncLifetime
{
    private const string Jobs = "/apis/batch/v1/namespaces/shop/jobs";

    private readonly ConcurrentDictionary<string, JsonNode> _jobs = new();
    private readonly ConcurrentQueue<string> _calls = new();
    private RecordedServer _server = null!;
    private ClusterAccess _cluster = null!;
    private string _status = "{}";
    private string _pods = """{"items":[]}""";
    private (int Status, string Body)? _refusal;

    public async ValueTask InitializeAsync()
    {
        _server = await RecordedServer.StartAsync(AnswerAsync);
        _cluster = ClusterAccess.Connect(new KubernetesClientConfiguration { Host = _server.Address.ToString() }, global::Prometheus.Metrics.WithCustomRegistry(global::Prometheus.Metrics.NewCustomRegistry()), TimeProvider.System, NullLoggerFactory.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _cluster.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task ExitCode0_IsOne()
    {
        _status = """{"completionTime":"2026-03-01T12:00:41Z","conditions":[{"type":"SuccessCriteriaMet","status":"True"},{"type":"Complete","status":"True"}]}""";
        var value = Assert.Single(Assert.IsType<MetricAnswer.Values>(await AskAsync()).Found);
        Assert.Equal(1, value.Value);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 41, TimeSpan.Zero), value.At);
    }

    [Fact]
    public async Task AnotherExitCode_IsZero()
    {
        _status = Failed("BackoffLimitExceeded");
        _pods = Pod("""{"terminated":{"exitCode":3,"reason":"Error"}}""");
        Assert.Equal(0, Assert.Single(Assert.IsType<MetricAnswer.Values>(await AskAsync()).Found).Value);
    }

    // That a check could not be made is neither a good answer nor a bad one.
    [Theory]
    [InlineData("BackoffLimitExceeded", """{"terminated":{"exitCode":137,"reason":"OOMKilled"}}""", "", "OOMKilled")]
    [InlineData("BackoffLimitExceeded", """{"terminated":{"exitCode":128,"reason":"StartError","message":"exec: no such file"}}""", "", "no such file")]
    [InlineData("BackoffLimitExceeded", """{"terminated":{"exitCode":143,"reason":"Error"}}""", """{"type":"DisruptionTarget","status":"True","reason":"EvictionByEvictionAPI"}""", "EvictionByEvictionAPI")]
    [InlineData("DeadlineExceeded", """{"waiting":{"reason":"ErrImagePull","message":"not found"}}""", "", "ErrImagePull")]
    [InlineData("DeadlineExceeded", """{"terminated":{"exitCode":1,"reason":"Error"}}""", "", "deadline")]
    [InlineData("BackoffLimitExceeded", """{"running":{}}""", "", "no container")]
    public async Task Failure_ThatIsNotTheCheckOwn_IsAFault(string reason, string state, string condition, string told)
    {
        _status = Failed(reason);
        _pods = Pod(state, condition);
        Assert.Contains(told, Assert.IsType<MetricAnswer.Fault>(await AskAsync()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_WithoutItsPod_IsAFault()
    {
        _status = Failed("BackoffLimitExceeded");
        Assert.IsType<MetricAnswer.Fault>(await AskAsync());
    }

    [Fact]
    public async Task Job_StillRunning_IsATimeoutThatSaysWhatItWaitsFor()
    {
        _pods = Pod("""{"waiting":{"reason":"ImagePullBackOff","message":"back-off pulling image"}}""");
        var fault = Assert.IsType<MetricAnswer.Fault>(await AskAsync(TimeSpan.FromMilliseconds(300)));
        Assert.Equal(FaultKind.Timeout, fault.Kind);
        Assert.Contains("ImagePullBackOff", fault.Reason, StringComparison.Ordinal);
    }

    // The second asker may be the same one after a restart, or another leader.
    [Fact]
    public async Task SameQuestion_MeetsTheSameJob_AndAnotherMeetsAnother()
    {
        Assert.IsType<MetricAnswer.Fault>(await AskAsync(TimeSpan.FromMilliseconds(300)));
        _status = """{"conditions":[{"type":"Complete","status":"True"}]}""";
        Assert.IsType<MetricAnswer.Values>(await AskAsync());
        Assert.Single(_calls, call => call.StartsWith("POST", StringComparison.Ordinal));
        await AskAsync(query: "arm=stable");
        Assert.Equal(2, _jobs.Count);
        Assert.DoesNotContain(_calls, call => call.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Job_RunsOnce_ForALimitedTime_AndGoesByItself()
    {
        _status = """{"conditions":[{"type":"Complete","status":"True"}]}""";
        await AskAsync(query: "$(HOME) {arm}");
        var job = Assert.Single(_jobs.Values);
        var spec = job["spec"]!;
        Assert.Equal((0, 1, 1, 300, 900), ((int)spec["backoffLimit"]!, (int)spec["completions"]!, (int)spec["parallelism"]!, (int)spec["activeDeadlineSeconds"]!, (int)spec["ttlSecondsAfterFinished"]!));
        Assert.Equal("Never", (string)spec["template"]!["spec"]!["restartPolicy"]!);
        Assert.Null(spec["suspend"]);
        Assert.Equal("checks", (string)job["metadata"]!["labels"]!["team"]!);
        var told = spec["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray().ToDictionary(entry => (string)entry!["name"]!, entry => (string)entry!["value"]!);
        Assert.Equal("$$(HOME) {arm}", told["MESHCANARY_QUERY"]);
        Assert.Equal("2026-03-01T12:00:00.000Z", told["MESHCANARY_FROM"]);
        Assert.Equal("kept", told["OWN"]);
    }

    [Theory]
    [InlineData(403, nameof(FaultKind.Refused), "rbac.metricJobs")]
    [InlineData(422, nameof(FaultKind.BadQuery), "image")]
    [InlineData(500, nameof(FaultKind.Unreachable), "")]
    public async Task Job_ThatCannotBeMade_IsAFault(int status, string kind, string told)
    {
        _refusal = (status, """{"kind":"Status","status":"Failure","message":"spec.template.spec.containers[0].image: Required value"}""");
        var fault = Assert.IsType<MetricAnswer.Fault>(await AskAsync(TimeSpan.FromSeconds(2)));
        Assert.Equal(kind, fault.Kind.ToString());
        Assert.Contains(told, fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_OfSomebodyElse_SaysNothing()
    {
        var question = Question("arm=canary", TimeSpan.FromSeconds(20));
        _status = """{"conditions":[{"type":"Complete","status":"True"}]}""";
        _jobs[MetricJob.Name(question)] = JsonNode.Parse($$$"""{"metadata":{"name":"{{{MetricJob.Name(question)}}}"}}""")!;
        Assert.Contains("not ours", Assert.IsType<MetricAnswer.Fault>(await AskAsync()).Reason, StringComparison.Ordinal);
    }

    private static string Failed(string reason) => $$"""{"conditions":[{"type":"Failed","status":"True","reason":"{{reason}}","message":"Job has reached its limit"}]}""";

    private static string Pod(string state, string condition = "") =>
        $$$"""{"items":[{"metadata":{"name":"p"},"status":{"conditions":[{{{condition}}}],"containerStatuses":[{"name":"check","state":{{{state}}}}]}}]}""";

    private static MetricQuestion Question(string query, TimeSpan timeout) => new()
    {
        Provider = new MetricProviderSpec
        {
            Type = MetricProviderTypes.Job,
            Address = "",
            Job = new MetricJobSpec
            {
                Deadline = TimeSpan.FromMinutes(5),
                Template = """{"metadata":{"labels":{"team":"checks"}},"spec":{"backoffLimit":6,"suspend":true,"template":{"spec":{"restartPolicy":"OnFailure","containers":[{"name":"check","image":"check:1","env":[{"name":"OWN","value":"kept"},{"name":"MESHCANARY_QUERY","value":"other"}]}]}}}}""",
            },
        },
        Namespace = "shop",
        Query = query,
        From = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        To = new DateTimeOffset(2026, 3, 1, 12, 1, 0, TimeSpan.Zero),
        Timeout = timeout,
    };

    private Task<MetricAnswer> AskAsync(TimeSpan? timeout = null, string query = "arm=canary") =>
        new GuardedProvider(new JobProvider(_cluster, TimeProvider.System), TimeProvider.System).AskAsync(Question(query, timeout ?? TimeSpan.FromSeconds(20)), TestContext.Current.CancellationToken);

    private async Task AnswerAsync(HttpContext context)
    {
        var request = _server.Requests[^1];
        var path = context.Request.Path.Value!;
        _calls.Enqueue($"{request.Method} {path}");
        if (request.Method == "POST" && _refusal is { } refusal)
            await RecordedServer.Say(refusal.Body, refusal.Status)(context);
        else if (request.Method == "POST")
        {
            var made = JsonNode.Parse(request.Body)!;
            _jobs[(string)made["metadata"]!["name"]!] = made;
            await RecordedServer.Say(With(made), 201)(context);
        }
        else if (path.StartsWith(Jobs, StringComparison.Ordinal))
            await (_jobs.TryGetValue(path[(Jobs.Length + 1)..], out var job) ? RecordedServer.Say(With(job)) : RecordedServer.Say("""{"kind":"Status","reason":"NotFound","message":"not found"}""", 404))(context);
        else
            await RecordedServer.Say(_pods)(context);
    }

    private string With(JsonNode job)
    {
        var whole = job.DeepClone();
        whole["status"] = JsonNode.Parse(_status);
        return whole.ToJsonString();
    }
}
