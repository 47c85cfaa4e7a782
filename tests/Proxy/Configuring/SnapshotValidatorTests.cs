using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Configuring;
using MeshCanary.Proxy.Tests.Harness;

namespace MeshCanary.Proxy.Tests.Configuring;

public sealed class SnapshotValidatorTests
{
    private const string Address = "http://127.0.0.1:1";
    private const string Other = "http://127.0.0.1:2";

    public static TheoryData<string, Action<Route>> Faulty => new()
    {
        { "name: is empty", route => route.Name = "" },
        { "contains white space", route => route.Name = "a b" },
        { "canary_weight: 10001 is above 10000", route => route.CanaryWeight = 10_001 },
        { "there is no canary arm", route => { route.Canary = null; route.CanaryWeight = 1; } },
        { "canary_rules: are given", route => { route.Canary = null; route.CanaryWeight = 0; route.CanaryRules.Add(Rule("x")); } },
        { "stable: is missing", route => route.Stable = null },
        { "port: 65536 is above 65535", route => route.Port = 65_536 },
        { "'ftp://x' is not an absolute http or https address", route => route.Stable.Endpoints[0] = "ftp://x" },
        { "'/x' is not an absolute", route => route.Canary.Endpoints[0] = "/x" },
        { "is given 2 times", route => route.Stable.Endpoints.Add(Address) },
        { "the arms must differ", route => route.Canary.Revision = "v1" },
        { "canary.revision: is empty", route => route.Canary.Revision = "" },
        { "health_check.http_path: 'x' is not a path", route => route.Stable.HealthCheck = new HealthCheck { HttpPath = "x" } },
        { "canary_rules[0].conditions[0].name", route => route.CanaryRules.Add(Rule("")) },
        { "canary_rules[0].conditions: is empty", route => route.CanaryRules.Add(new MatchRule()) },
        { "path_prefix: 'x' must start", route => route.PathPrefix = "x" },
        { "path_prefix: '' must start", route => route.PathPrefix = "" },
        { "path_prefix: '/a//b' contains", route => route.PathPrefix = "/a//b" },
        { "hosts: 'a:80'", route => route.Hosts.Add("a:80") },
        { "hosts: ''", route => route.Hosts.Add("") },
        { "already served by this route itself", route => route.Hosts.Add(["a", "A"]) },
        { "stickiness.cookie: 'a;b'", route => route.Stickiness = new Stickiness { Cookie = "a;b" } },
        { "request_headers.set: 'a b' is not a header name", route => route.Stable.RequestHeaders = Change("a b") },
        { "request_headers.set: 'content-length' belongs to the connection", route => route.Canary.RequestHeaders = Change("content-length") },
        { "response_headers.set: ':status' is not a header name", route => route.Canary.ResponseHeaders = Change(":status") },
        { "response_headers.remove: 'Transfer-Encoding' belongs", route => route.Stable.ResponseHeaders = new HeaderChanges { Remove = { "Transfer-Encoding" } } },
        { "request_headers.add: a request has one Host", route => route.Stable.RequestHeaders = new HeaderChanges { Add = { new Header { Name = "host", Value = "x" } } } },
        { "request_headers: the value of 'x' contains a line break", route => route.Stable.RequestHeaders = Change("x", "a\r\nb: c") },
        { "stickiness.header: ''", route => route.Stickiness = new Stickiness { Header = "" } },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Faults_OneFault_IsTheOnlyOneNamed(string fault, Action<Route> spoil)
    {
        var faults = SnapshotValidator.Faults(Snapshots.Of(1, Address, Other, 100, spoil));

        Assert.Contains(fault, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_ManyAtOnce_AreAllNamed()
    {
        var snapshot = Snapshots.Of(0, Address, Other, 20_000, route => route.PathPrefix = "x");
        snapshot.Routes.Add(Snapshots.Of(1, "nowhere", change: route => route.PathPrefix = "/other").Routes);
        snapshot.Routes.Add(Snapshots.Of(1, Address, change: route => (route.Name, route.PathPrefix) = ("third", "/OTHER/")).Routes);

        var faults = SnapshotValidator.Faults(snapshot);

        Assert.Equal(6, faults.Count);
        Assert.Contains(faults, fault => fault.Contains("version: is 0", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("given twice", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Contains("already served by route 'shop/checkout'", StringComparison.Ordinal));
    }

    [Fact]
    public void Faults_Everything_IsFine() => Assert.Empty(SnapshotValidator.Faults(Snapshots.Of(1, Address, Other, 10_000, route =>
    {
        route.Hosts.Add(["shop.example", "*.shop.example", "10.0.0.1"]);
        route.PathPrefix = "/api/{x}/";
        route.CanaryRules.Add(Rule("x"));
        route.Stickiness = new Stickiness { Cookie = "mc-user" };
        route.Stable.HealthCheck = new HealthCheck { HttpPath = "/healthz" };
        route.Stable.RequestHeaders = Change("Host", "inner.example");
        route.Canary.ResponseHeaders = Change("x-version", "caf\u00e9");
    })));

    private static HeaderChanges Change(string name, string value = "1") => new() { Set = { new Header { Name = name, Value = value } } };

    private static MatchRule Rule(string header) => new()
    {
        Conditions = { new Condition { Part = Condition.Types.Part.Header, Name = header, Operator = Condition.Types.Operator.Exact, Value = "1" } },
    };
}
