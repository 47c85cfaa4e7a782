namespace MeshCanary.Controller.Workloads.InPlace.Calls;

/// <summary>Pauses the Deployment, or says of a pause that it is ours.</summary>
/// <param name="Generation">The spec that it rests on.</param>
/// <param name="Home">The revision that the Deployment holds.</param>
/// <param name="HasAnnotations">Whether there is a map to put the mark in.</param>
internal sealed record HoldDeployment(long Generation, string Home, bool HasAnnotations) : InPlaceCall
{
    public override string Says => $"hold at {Home}";
}
