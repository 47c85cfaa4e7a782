using System.Collections.Immutable;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Tests.Metrics.Providers;

public sealed class PrometheusTests : ProviderContract
{
    internal override MetricProviderSpec Spec => new()
    {
        Type = MetricProviderTypes.Prometheus,
        Address = "/prometheus",
        Headers = ImmutableSortedDictionary<string, string>.Empty.Add("X-Scope-OrgID", "shop"),
    };

    protected override string Query => "sum by (version) (rate(errors_total[1m]))";

    internal override ImmutableDictionary<string, string> Credentials { get; } = ImmutableDictionary<string, string>.Empty.Add("username", "admin").Add("password", "prometheus-password");

    protected override bool NeedsCredentials => false;

    protected override int MostMegabytes => 64;

    protected override (string File, double[] Values)[] Good => [("prometheus/vector.json", [0.0125, 0.02])];

    protected override string[] WithoutNumber => ["prometheus/empty.json", "prometheus/nan.json"];

    protected override (string File, string Kind)[] Hidden => [("prometheus/error.json", "WrongShape")];

    // A place that has no such API is no Prometheus; all that is above 500 is out of order there.
    protected override string KindOf(int status, string kind) => status switch
    {
        307 or 404 or 408 => "WrongShape",
        504 => "Unreachable",
        _ => kind,
    };

    [Fact]
    public async Task Request_IsAsDocumented()
    {
        Server.Respond = RecordedServer.Say(Recorded.Read(Good[0].File));
        await AskAsync();
        var asked = Assert.Single(Server.Requests);
        Assert.Equal("POST /prometheus/api/v1/query", $"{asked.Method} {asked.Target}");
        Assert.Contains("time=1772366460&", asked.Body, StringComparison.Ordinal);
        Assert.Equal("shop", asked.Headers["x-scope-orgid"]);
        Assert.StartsWith("Basic ", asked.Headers["authorization"], StringComparison.Ordinal);
    }
}
