using System.Net;
using MeshCanary.Controller.Hosting.Cluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshCanary.Controller.Tests.Hosting;

/// <summary>What keeps the controller of a cluster from starting is told before anything is done.</summary>
public sealed class ClusterStartTests
{
    private static readonly ClusterOptions Good = new()
    {
        Api = new IPEndPoint(IPAddress.Loopback, 0),
        Admin = new IPEndPoint(IPAddress.Loopback, 0),
        Control = new IPEndPoint(IPAddress.Loopback, 0),
        ControlAddress = "meshcanary:7443",
        ProxyImage = "meshcanary",
        Name = "replica",
        Namespace = "meshcanary",
        StateFolder = "nowhere",
    };

    public static TheoryData<ClusterOptions, string> Bad { get; } = new()
    {
        { Good with { LeaseDuration = TimeSpan.Zero }, "A lease of 0s is lost with one slow answer of the API server. Write 3s or more; 15s is usual (--lease-duration)." },
        { Good with { LeaseDuration = TimeSpan.FromSeconds(2.5) }, "A lease of 2.5s is lost" },
        { Good with { Namespaces = ["a", "b"] }, "Install one for each, or name none." },
        { Good with { ControlAddress = "meshcanary" }, "Write HOST:PORT (--control-address)." },
        { Good with { Api = new IPEndPoint(IPAddress.Any, 0) }, "Choose 127.0.0.1 or ::1 (--api)" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Options_ThatCannotBe_AreRefusedWithARemedy(ClusterOptions options, string told)
    {
        var failure = await Assert.ThrowsAsync<IOException>(() => ClusterServer.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken));
        Assert.Contains(told, failure.Message, StringComparison.Ordinal);
    }
}
