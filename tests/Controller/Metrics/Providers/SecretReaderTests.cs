using k8s;
using MeshCanary.Controller.Metrics.Providers.Secrets;
using MeshCanary.Machinery;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshCanary.Controller.Tests.Metrics.Providers;

public sealed class SecretReaderTests
{
    [Fact]
    public async Task Secret_IsRead_WithoutWhatIsNoText()
    {
        await using var server = await RecordedServer.StartAsync(RecordedServer.Say("""{"metadata":{"name":"keys"},"data":{"apiKey":"NDcxMQ==","binary":"/w==","bad":"%"}}"""));
        var contents = await ReadAsync(server);
        Assert.Null(contents.Problem);
        Assert.Equal("4711", Assert.Single(contents.Keys).Value);
        Assert.DoesNotContain("4711", contents.ToString(), StringComparison.Ordinal);
        Assert.Equal("/api/v1/namespaces/shop/secrets/keys", Assert.Single(server.Requests).Target);
    }

    [Theory]
    [InlineData(404, "there is no Secret shop/keys")]
    [InlineData(403, "rbac.secrets")]
    [InlineData(401, "cannot be read")]
    public async Task Secret_ThatCannotBeRead_IsAProblemThatSaysWhatToDo(int status, string told)
    {
        await using var server = await RecordedServer.StartAsync(RecordedServer.Say("""{"kind":"Status","message":"no"}""", status));
        var contents = await ReadAsync(server);
        Assert.Contains(told, contents.Problem, StringComparison.Ordinal);
        Assert.Empty(contents.Keys);
        Assert.False(contents.MayPass);
    }

    private static async Task<SecretContents> ReadAsync(RecordedServer server)
    {
        using var cluster = ClusterAccess.Connect(new KubernetesClientConfiguration { Host = server.Address.ToString() }, global::Prometheus.Metrics.WithCustomRegistry(global::Prometheus.Metrics.NewCustomRegistry()), TimeProvider.System, NullLoggerFactory.Instance);
        return await new KubernetesSecretReader(cluster).ReadAsync("shop", "keys", TestContext.Current.CancellationToken);
    }
}
