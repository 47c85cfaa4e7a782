using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Endpoints;
using MeshCanary.Testing.Files;

namespace MeshCanary.Proxy.Tests.Endpoints;

public sealed class EndpointFaultsTests
{
    [Fact]
    public void Arm_WithEverythingRight_HasNone()
    {
        using var authority = new TestAuthority("authority");
        using var folder = new TempFolder();
        var arm = TestBoard.Arm(1);
        arm.HealthCheck = new HealthCheck { HttpPath = "/ready?deep=1", IntervalMs = 500, TimeoutMs = 100 };
        arm.Outliers = new OutlierEjection { Unreachable = 1, Failures = 5, MaxEjectedPercent = 100, PauseMs = 1 };
        arm.Protocol = UpstreamProtocol.Http2;
        arm.Tls = new UpstreamTls { ServerName = "shop.internal", AuthorityFile = folder.Write("ca.pem", authority.Pem) };

        Assert.Empty(EndpointFaults.Of("stable", arm));
        Assert.Null(EndpointFaults.OfFiles(arm.Tls, TimeProvider.System));
    }

    [Fact]
    public void Arm_WithManyFaults_NamesEach()
    {
        var arm = TestBoard.Arm(1);
        arm.HealthCheck = new HealthCheck { TimeoutMs = 90_000_000 };
        arm.Outliers = new OutlierEjection { MaxEjectedPercent = 101 };
        arm.Protocol = (UpstreamProtocol)9;
        arm.Tls = new UpstreamTls { ServerName = "no name", CertificateFile = "/nowhere/tls.crt" };

        Assert.Equal(
            [
                "canary.health_check: names neither http_path nor grpc; leave it out for no health check.",
                "canary.health_check.timeout_ms: 90000000 is above a day (86400000).",
                "canary.outliers.max_ejected_percent: 101 is above 100.",
                "canary.protocol: 9 is none that this proxy knows; see whether the controller is newer than the proxy.",
                "canary.tls.server_name: 'no name' is not a host name.",
                "canary.tls: certificate_file and key_file belong together; give both or neither.",
            ],
            EndpointFaults.Of("canary", arm));
    }

    [Fact]
    public void Files_ThatAreNotThere_AreNamed() => Assert.StartsWith(
        "The file /nowhere/ca.pem cannot be read",
        EndpointFaults.OfFiles(new UpstreamTls { AuthorityFile = "/nowhere/ca.pem" }, TimeProvider.System), StringComparison.Ordinal);
}
