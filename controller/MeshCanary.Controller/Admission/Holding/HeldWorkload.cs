using System.Text.Json;

namespace MeshCanary.Controller.Admission.Holding;

/// <summary>A Deployment under a Canary.</summary>
/// <param name="Revision">Name of the revision that was promoted last.</param>
/// <param name="Template">
/// Its pod template as the API server gives it, with the server's defaults: from its ReplicaSet, whose label
/// <c>pod-template-hash</c> is looked over.
/// </param>
internal sealed record HeldWorkload(string Revision, JsonElement Template);
