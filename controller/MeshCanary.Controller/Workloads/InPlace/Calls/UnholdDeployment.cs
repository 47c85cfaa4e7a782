using System.Collections.Immutable;
using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Calls;

/// <summary>Lets the Deployment go on.</summary>
/// <param name="Generation">The spec that it rests on: with another template it would roll out what nobody looked at.</param>
/// <param name="Marks">Annotations that go with the pause.</param>
/// <param name="Home">What the Deployment has to own: one that has nothing of its own would start all of its pods anew.</param>
internal sealed record UnholdDeployment(long Generation, ImmutableArray<string> Marks, V1ReplicaSet Home) : InPlaceCall
{
    public override string Says => "unhold";
}
