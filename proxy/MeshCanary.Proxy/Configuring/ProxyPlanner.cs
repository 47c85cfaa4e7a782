using System.Net;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Forwarding;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace MeshCanary.Proxy.Configuring;

/// <summary>Plans one forwarder route per route and one cluster per arm. Equal snapshots give equal plans.</summary>
internal sealed class ProxyPlanner(TimeSpan upstreamActivityTimeout)
{
    private static readonly TimeSpan HealthInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan HealthTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RestPeriod = TimeSpan.FromSeconds(2);

    public ProxyPlan Plan(Snapshot snapshot) => new(
        [.. snapshot.Routes.Select(Route)],
        [.. snapshot.Routes.SelectMany(Clusters).OrderBy(cluster => cluster.ClusterId, StringComparer.Ordinal)]);

    private static RouteConfig Route(Route route) => new()
    {
        RouteId = route.Name,
        ClusterId = ClusterId.Of(route.Name, route.Stable.Revision),
        // A host says more than a path: without the order, "/api" on any host would take requests from a named host's "/".
        Order = route.Hosts.Count == 0 ? 2 : route.Hosts.Any(host => host.StartsWith('*')) ? 1 : 0,
        Match = new RouteMatch
        {
            Hosts = route.Hosts.Count == 0 ? null : [.. route.Hosts],
            Path = RoutePattern.Template(route.PathPrefix),
        },
    };

    private IEnumerable<ClusterConfig> Clusters(Route route)
    {
        // Stable without one healthy endpoint tries them all rather than turn everyone away; a canary hands over to stable.
        yield return Cluster(route, route.Stable, HealthCheckConstants.AvailableDestinations.HealthyOrPanic);
        if (route.Canary is not null)
            yield return Cluster(route, route.Canary, HealthCheckConstants.AvailableDestinations.HealthyAndUnknown);
    }

    private ClusterConfig Cluster(Route route, Arm arm, string whenUnhealthy)
    {
        var secure = arm.Endpoints.All(endpoint => endpoint.StartsWith(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase));
        return new ClusterConfig
        {
            ClusterId = ClusterId.Of(route.Name, arm.Revision),
            LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
            Destinations = arm.Endpoints.ToDictionary(endpoint => endpoint, endpoint => new DestinationConfig { Address = endpoint }, StringComparer.OrdinalIgnoreCase),
            HttpRequest = new ForwarderRequestConfig
            {
                ActivityTimeout = upstreamActivityTimeout,
                // TLS negotiates the version; cleartext cannot (gRPC sets its own, see UpstreamTransforms).
                Version = secure ? HttpVersion.Version20 : HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            },
            HealthCheck = new HealthCheckConfig
            {
                AvailableDestinationsPolicy = whenUnhealthy,
                // Named because a policy must be; EndpointWatch is what marks endpoints.
                Passive = new PassiveHealthCheckConfig
                {
                    Enabled = true,
                    Policy = HealthCheckConstants.PassivePolicy.TransportFailureRate,
                    ReactivationPeriod = RestPeriod,
                },
                Active = arm.HealthCheck is null ? null : new ActiveHealthCheckConfig
                {
                    Enabled = true,
                    Interval = HealthInterval,
                    Timeout = HealthTimeout,
                    Policy = ProbePolicy.PolicyName,
                    Path = arm.HealthCheck.HttpPath,
                },
            },
        };
    }
}
