using System.Net;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using MeshCanary.Controller.Workloads;
using MeshCanary.Rollouts.Specs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace MeshCanary.Controller.Tests.Workloads;

public sealed class EndpointProbeTests : IAsyncLifetime
{
    private readonly HealthServiceImpl _health = new();
    private readonly EndpointProbe _probe = new(TimeProvider.System);
    private WebApplication? _server;

    private string Address => _server!.Urls.Single();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore().AddGrpc();
        builder.Services.AddSingleton(_health);
        _server = builder.Build();
        _server.UseRouting();
        _server.MapGrpcService<HealthServiceImpl>();
        _server.MapGet("/healthz", () => Results.Ok());
        await _server.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _probe.Dispose();
    }

    [Theory]
    [InlineData("", HealthCheckResponse.Types.ServingStatus.Serving, null)]
    [InlineData("a.B", HealthCheckResponse.Types.ServingStatus.Serving, null)]
    [InlineData("a.B", HealthCheckResponse.Types.ServingStatus.NotServing, "a.B is NotServing")]
    public async Task Grpc_ByStatus_IsReadyOrSaysWhyNot(string service, HealthCheckResponse.Types.ServingStatus status, string? fault)
    {
        _health.SetStatus(service, status);
        Assert.Equal(fault, await ProbeAsync(new HealthCheckSpec { GrpcService = service }));
    }

    [Fact]
    public async Task Grpc_UnknownService_SaysSo() =>
        Assert.StartsWith("grpc.health.v1.Health/Check answered NotFound", await ProbeAsync(new HealthCheckSpec { GrpcService = "no.Such" }), StringComparison.Ordinal);

    [Fact]
    public async Task Path_OfAnEndpointThatSpeaksOnlyHttp2_NeedsItsProtocol()
    {
        var check = new HealthCheckSpec { Path = "/healthz" };
        Assert.Null(await _probe.ProbeAsync(Address, new LookingAt(check, UpstreamProtocolSpec.Http2), TestContext.Current.CancellationToken));
        Assert.NotNull(await _probe.ProbeAsync(Address, new LookingAt(check, UpstreamProtocolSpec.Auto), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Connection_WithoutACheck_IsEnough() => Assert.Null(await ProbeAsync(null));

    private Task<string?> ProbeAsync(HealthCheckSpec? check) =>
        _probe.ProbeAsync(Address, new LookingAt(check, UpstreamProtocolSpec.Auto), TestContext.Current.CancellationToken);
}
