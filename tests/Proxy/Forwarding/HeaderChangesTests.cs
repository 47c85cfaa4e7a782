using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Tests.Harness;

namespace MeshCanary.Proxy.Tests.Forwarding;

public sealed class HeaderChangesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_HeadersOfTheArm_AreRemovedSetAndAdded()
    {
        await using var backend = new RawBackend(_ => RawBackend.Ok);
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address, change: route => route.Stable.RequestHeaders = new HeaderChanges
        {
            Remove = { "X-Secret", "content-language" },
            Set = { Of("Host", "inner.example"), Of("x-name", "caf\u00e9"), Of("Content-Type", "text/x") },
            Add = { Of("X-Many", "2"), Of("X-New", "n") },
        }));

        await RawClient.SendAsync(
            proxy,
            "POST / HTTP/1.1\r\nHost: x\r\nX-Secret: s\r\nX-Name: old\r\nX-Many: 1\r\nContent-Language: de\r\nContent-Type: text/plain\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            Cancellation);

        var head = Assert.Single(backend.Received);
        Assert.Equal(["inner.example"], Values(head, "Host"));
        Assert.Equal(["x"], Values(head, "X-Forwarded-Host"));
        Assert.Equal(["caf\u00c3\u00a9"], Values(head, "x-name"));
        Assert.Equal("1, 2", string.Join(", ", Values(head, "X-Many")));
        Assert.Equal(["n"], Values(head, "X-New"));
        Assert.Empty(Values(head, "X-Secret"));
        Assert.Empty(Values(head, "Content-Language"));
    }

    [Fact]
    public async Task Request_WithABody_GetsTheContentTypeThatIsSet()
    {
        await using var backend = new RawBackend(_ => "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        await using var proxy = await TestProxy.StartAsync(
            Cancellation, Snapshots.Of(1, backend.Address, change: route => route.Stable.RequestHeaders = new HeaderChanges { Set = { Of("content-type", "text/x") } }));

        await RawClient.SendAsync(proxy, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 1\r\nConnection: close\r\n\r\na", Cancellation);

        Assert.Equal(["text/x"], Values(Assert.Single(backend.Received), "Content-Type"));
    }

    [Fact]
    public async Task Response_HeadersOfTheArm_AreRemovedSetAndAdded()
    {
        await using var backend = new RawBackend(_ => "HTTP/1.1 200 OK\r\nServer: old\r\nX-Debug: d\r\nX-Many: 1\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok");
        await using var proxy = await TestProxy.StartAsync(Cancellation, Snapshots.Of(1, backend.Address, change: route => route.Stable.ResponseHeaders = new HeaderChanges
        {
            Remove = { "x-debug" },
            Set = { Of("Server", "new"), Of("Content-Type", "text/x") },
            Add = { Of("X-Many", "2"), Of("X-New", "n") },
        }));

        var answer = await RawClient.SendAsync(proxy, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", Cancellation);

        Assert.Equal(["new"], Values(answer, "Server"));
        Assert.Equal(["text/x"], Values(answer, "Content-Type"));
        Assert.Equal(["1", "2"], Values(answer, "X-Many"));
        Assert.Equal(["n"], Values(answer, "X-New"));
        Assert.Empty(Values(answer, "X-Debug"));
        Assert.EndsWith("\r\n\r\nok", answer, StringComparison.Ordinal);
    }

    private static Header Of(string name, string value) => new() { Name = name, Value = value };

    private static string[] Values(string head, string name) =>
        [.. head.Split("\r\n").Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim())];
}
