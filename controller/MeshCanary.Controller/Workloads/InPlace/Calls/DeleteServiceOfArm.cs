using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Calls;

/// <summary>Deletes the Service of an arm that is no more.</summary>
/// <param name="Service">The Service as it was seen.</param>
internal sealed record DeleteServiceOfArm(V1Service Service) : InPlaceCall
{
    public override string Says => $"delete service {Service.Metadata.Name}";
}
