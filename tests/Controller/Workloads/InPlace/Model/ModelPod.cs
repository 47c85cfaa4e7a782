namespace MeshCanary.Controller.Tests.Workloads.InPlace.Model;

/// <summary>A pod.</summary>
internal sealed record ModelPod(string Uid, string SetUid, string Hash)
{
    public bool Ready { get; set; }
}
