using System.Text.Json.Serialization;

namespace MeshCanary.Controller.Api;

/// <summary>Body of <c>POST /api/v1/canaries/{namespace}/{name}/actions</c>.</summary>
/// <param name="Action">pause, resume, approve, reject, abort, retry, promote, skip, jump or restart.</param>
/// <param name="Reason">Why, in the person's words.</param>
/// <param name="Step">The step to go to, from 1; for jump alone.</param>
public sealed record ActionRequest(
    string Action, string? Reason, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Step = null);
