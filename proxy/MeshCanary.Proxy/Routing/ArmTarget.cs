using MeshCanary.Proxy.Recording;
using Yarp.ReverseProxy.Model;

namespace MeshCanary.Proxy.Routing;

/// <summary>One arm of a route: where its requests go and where they are counted.</summary>
internal sealed record ArmTarget(string Revision, ClusterState Cluster, RevisionCounters Counters);
