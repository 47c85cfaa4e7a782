using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace MeshCanary.Proxy.Configuring;

/// <summary>A plan on its way into force.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has neither timer nor wait handle, and the forwarder may listen to its token at any later time.")]
internal sealed class OfferedPlan : IProxyConfig
{
    private readonly CancellationTokenSource _superseded = new();
    private readonly TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OfferedPlan(ProxyPlan plan)
    {
        Plan = plan;
        ChangeToken = new CancellationChangeToken(_superseded.Token);
    }

    public ProxyPlan Plan { get; }

    public string RevisionId { get; } = Guid.NewGuid().ToString("N");

    public IReadOnlyList<RouteConfig> Routes => Plan.Routes;

    public IReadOnlyList<ClusterConfig> Clusters => Plan.Clusters;

    public IChangeToken ChangeToken { get; }

    public Task Applied => _applied.Task;

    public void Supersede() => _superseded.Cancel();

    public void Accept() => _applied.TrySetResult();

    public void Refuse(Exception cause) => _applied.TrySetException(new ProxyPlanRefusedException(cause));
}
