using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Calls;

/// <summary>Makes the Service of an arm.</summary>
/// <param name="Service">The Service.</param>
internal sealed record CreateServiceOfArm(V1Service Service) : InPlaceCall
{
    public override string Says => $"create service {Service.Metadata.Name}";
}
