using System.Collections.Immutable;
using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Calls;

/// <summary>Brings the ports and the selector of an arm's Service to those of the Service that clients call.</summary>
/// <param name="Service">The arm's Service as it was seen.</param>
/// <param name="Ports">Its ports from now on.</param>
/// <param name="Selector">Its selector from now on.</param>
internal sealed record UpdateServiceOfArm(V1Service Service, ImmutableArray<V1ServicePort> Ports, ImmutableSortedDictionary<string, string> Selector) : InPlaceCall
{
    public override string Says => $"update service {Service.Metadata.Name}";
}
