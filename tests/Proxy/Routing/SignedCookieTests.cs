using Google.Protobuf;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Tests.Harness;
using MeshCanary.Splitting.Keys;
using MeshCanary.Testing.Backends;

namespace MeshCanary.Proxy.Tests.Routing;

public sealed class SignedCookieTests : IAsyncLifetime
{
    private TestBackend _stable = null!;
    private TestBackend _canary = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stable = await TestBackend.StartAsync("v1", Cancellation);
        _canary = await TestBackend.StartAsync("v2", Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _stable.DisposeAsync();
        await _canary.DisposeAsync();
    }

    [Fact]
    public async Task Cookie_MintedSigned_KeepsItsUserOnOneArmAndIsNotMintedAgain()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(1, 5_000, "k1"));
        for (var user = 0; user < 12; user++)
        {
            var (version, cookie) = await AskAsync(proxy, null);
            Assert.Matches("^mc-user=[A-Za-z0-9_-]{22}[.]k1[.][A-Za-z0-9_-]{22}; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600$", cookie);
            for (var visit = 0; visit < 3; visit++)
                Assert.Equal((version, null), await AskAsync(proxy, Pair(cookie!)));
        }
    }

    [Theory]
    [InlineData("mc-user=AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("mc-user=AAECAwQFBgcICQoLDA0ODw.k1.AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("mc-user=%%%.k1.\"\"")]
    [InlineData("mc-user=")]
    public async Task Cookie_ThatNobodySigned_IsReplaced(string forged)
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(1, 10_000, "k1"));
        var (version, cookie) = await AskAsync(proxy, forged);
        Assert.Equal("v2", version);
        Assert.Contains(".k1.", cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cookie_OfAnOlderSecret_IsSignedAnewForTheSameUser()
    {
        var old = new SignedKey([Secret("k1")]).Mint(42);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(1, 10_000, "k2", "k1"));
        var (_, cookie) = await AskAsync(proxy, $"mc-user={old}");
        Assert.StartsWith($"mc-user={old[..UserKey.MintedLength]}.k2.", cookie, StringComparison.Ordinal);
        Assert.Null((await AskAsync(proxy, Pair(cookie!))).Cookie);
        await proxy.Server.StopAsync(Cancellation);
        Assert.Equal((0, 1), proxy.Controller.Store.Users("v2"));
    }

    [Theory]
    [InlineData(true, "https, http", true)]
    [InlineData(true, "http", false)]
    [InlineData(false, "https", false)]
    public async Task Cookie_OfARequestThatCameByHttps_IsSecureWhenThatCanBeBelieved(bool trust, string scheme, bool isSecure)
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(1, 10_000, "k1"), options => options with { TrustForwarded = trust });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-Forwarded-Proto", scheme);
        using var response = await proxy.Client.SendAsync(request, Cancellation);
        Assert.Equal(isSecure, response.Headers.GetValues("Set-Cookie").Single().EndsWith("; Secure", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Snapshot_WithKeysThatCannotSign_IsRefusedWithoutShowingThem()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Split(1, 10_000, "k1"));
        var bad = Split(2, 10_000, "k1");
        bad.Routes[0].Stickiness.SigningKeys[0].Secret = ByteString.CopyFromUtf8("too short");
        await proxy.Controller.SendAsync(bad);
        await TestProxy.UntilAsync(() => !proxy.Controller.Nacks.IsEmpty, "the snapshot is refused");
        var reason = Assert.Single(Assert.Single(proxy.Controller.Nacks).Reasons);
        Assert.Contains("stickiness.signing_keys: secret: of 'k1' has 9 bytes; at least 16 are needed.", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("too short", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_OnMethodAndPattern_SendToTheCanary()
    {
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, Snapshots.At(_stable.Address), Snapshots.At(_canary.Address), 0, route =>
        {
            route.CanaryRules.Add(Rule(Condition.Types.Part.Method, Condition.Types.Operator.Exact, "PUT"));
            route.CanaryRules.Add(Rule(Condition.Types.Part.Path, Condition.Types.Operator.Regex, "/käse/v[0-9]+"));
            route.CanaryRules.Add(Rule(Condition.Types.Part.Header, Condition.Types.Operator.Regex, ".*Preview/[0-9]+", "User-Agent"));
        }));
        Assert.Equal("v1", await VersionAsync(proxy, HttpMethod.Get, "/"));
        Assert.Equal("v2", await VersionAsync(proxy, HttpMethod.Put, "/"));
        Assert.Equal("v2", await VersionAsync(proxy, HttpMethod.Get, "/k%C3%A4se/v12"));
        Assert.Equal("v1", await VersionAsync(proxy, HttpMethod.Get, "/k%C3%A4se/v12/x"));
        Assert.Equal("v2", await VersionAsync(proxy, HttpMethod.Get, "/", "Mozilla Preview/7"));
        Assert.Equal("v1", await VersionAsync(proxy, HttpMethod.Get, "/", "Mozilla Preview/seven"));
    }

    private static MatchRule Rule(Condition.Types.Part part, Condition.Types.Operator how, string value, string name = "") =>
        new() { Conditions = { new Condition { Part = part, Operator = how, Value = value, Name = name } } };

    private static SigningSecret Secret(string id) => new(id, [.. Enumerable.Repeat((byte)id[1], 32)]);

    private static string Pair(string cookie) => cookie.Split(';')[0];

    private Snapshot Split(ulong version, uint weight, params string[] keys) => Snapshots.Of(version, Snapshots.At(_stable.Address), Snapshots.At(_canary.Address), weight, route =>
    {
        route.Stickiness = new Stickiness { Cookie = "mc-user", CookieSeconds = 3600 };
        route.Stickiness.SigningKeys.AddRange(keys.Select(id => new SigningKey { Id = id, Secret = ByteString.CopyFrom([.. Secret(id).Secret]) }));
    });

    private static async Task<(string Version, string? Cookie)> AskAsync(TestProxy proxy, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (cookie is not null)
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
        using var response = await proxy.Client.SendAsync(request, Cancellation);
        return (response.Headers.GetValues("x-version").Single(), response.Headers.TryGetValues("Set-Cookie", out var set) ? set.Single() : null);
    }

    private static async Task<string> VersionAsync(TestProxy proxy, HttpMethod method, string path, string agent = "test")
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        using var response = await proxy.Client.SendAsync(request, Cancellation);
        return response.Headers.GetValues("x-version").Single();
    }
}
