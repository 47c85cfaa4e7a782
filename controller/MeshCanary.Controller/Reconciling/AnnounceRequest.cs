using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Controller.Reconciling;

/// <summary>This revision should run.</summary>
internal sealed record AnnounceRequest(Revision Revision, string Origin) : CanaryRequest(Origin);
