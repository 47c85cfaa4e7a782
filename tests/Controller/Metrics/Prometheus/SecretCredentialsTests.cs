using System.Collections.Immutable;
using MeshCanary.Controller.Metrics.Prometheus.Access;
using MeshCanary.Controller.Metrics.Providers.Secrets;
using MeshCanary.Rollouts.Specs;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Metrics.Prometheus;

public sealed class SecretCredentialsTests
{
    private static readonly PrometheusSpec Spec = new() { Address = "http://prometheus:9090", SecretName = "keys" };

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Secret_IsReadAgainWhenItIsOld()
    {
        var secrets = new OneSecret { Contents = new SecretContents(ImmutableDictionary<string, string>.Empty.Add("token", "old")) };
        var credentials = new SecretCredentials(secrets, _time);
        Assert.Equal("old", (await credentials.ReadAsync("shop", Spec, Stop))["token"]);
        secrets.Contents = new SecretContents(ImmutableDictionary<string, string>.Empty.Add("token", "new"));
        Assert.Equal("old", (await credentials.ReadAsync("shop", Spec, Stop))["token"]);
        _time.Advance(SecretCredentials.Period);
        Assert.Equal("new", (await credentials.ReadAsync("shop", Spec, Stop))["token"]);
        Assert.Equal(["shop/keys", "shop/keys"], secrets.Asked);
    }

    [Fact]
    public async Task Secret_ThatCannotBeRead_IsSaidWithItsPlaceAndAskedForAgain()
    {
        var secrets = new OneSecret { Contents = new SecretContents(ImmutableDictionary<string, string>.Empty, "there is no Secret shop/keys. Make it") };
        var credentials = new SecretCredentials(secrets, _time);
        var said = await Assert.ThrowsAsync<IOException>(() => credentials.ReadAsync("shop", Spec, Stop));
        Assert.Equal("the credentials that analysis.source.secretRef names cannot be had: there is no Secret shop/keys. Make it", said.Message);
        secrets.Contents = new SecretContents(ImmutableDictionary<string, string>.Empty.Add("token", "new"));
        Assert.Equal("new", (await credentials.ReadAsync("shop", Spec, Stop))["token"]);
    }

    [Fact]
    public async Task Source_WithoutASecret_ReadsNone()
    {
        var secrets = new OneSecret();
        Assert.Empty(await new SecretCredentials(secrets, _time).ReadAsync("shop", Spec with { SecretName = null }, Stop));
        Assert.Empty(secrets.Asked);
    }

    private sealed class OneSecret : ISecretReader
    {
        public SecretContents Contents { get; set; } = new(ImmutableDictionary<string, string>.Empty);

        public List<string> Asked { get; } = [];

        public Task<SecretContents> ReadAsync(string space, string name, CancellationToken cancellationToken)
        {
            Asked.Add($"{space}/{name}");
            return Task.FromResult(Contents);
        }
    }
}
