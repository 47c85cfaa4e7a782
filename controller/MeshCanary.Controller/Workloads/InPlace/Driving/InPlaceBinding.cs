using MeshCanary.Controller.Workloads.InPlace.Viewing;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Workloads.InPlace.Driving;

/// <summary>Which objects of a cluster a Canary's workload is.</summary>
/// <param name="Canary">The Canary object.</param>
/// <param name="Workload">The Deployment, and how it is held.</param>
/// <param name="Service">The Service that clients call.</param>
internal sealed record InPlaceBinding(CanaryOwner Canary, WorkloadSpec Workload, ServiceSpec Service)
{
    /// <summary>How the Deployment is held and given back.</summary>
    public DeploymentSpec Deployment => Workload.Deployment ?? new DeploymentSpec();

    /// <summary>A view with nothing in it yet.</summary>
    public InPlaceView Empty => new() { Canary = Canary, DeploymentName = Workload.Name, ServiceName = Service.Name, Ports = Service.Ports };
}
