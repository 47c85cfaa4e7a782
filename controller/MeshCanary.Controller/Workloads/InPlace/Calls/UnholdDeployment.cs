using System.Collections.Immutable;

namespace MeshCanary.Controller.Workloads.InPlace.Calls;

/// <summary>Lets the Deployment go on.</summary>
/// <param name="Generation">The spec that it rests on: with another template it would roll out what nobody looked at.</param>
/// <param name="Marks">Annotations that go with the pause.</param>
internal sealed record UnholdDeployment(long Generation, ImmutableArray<string> Marks) : InPlaceCall
{
    public override string Says => "unhold";
}
