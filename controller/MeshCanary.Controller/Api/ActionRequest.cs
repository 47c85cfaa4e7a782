namespace MeshCanary.Controller.Api;

/// <summary>Body of <c>POST /api/v1/canaries/{namespace}/{name}/actions</c>.</summary>
/// <param name="Action">pause, resume, approve, reject, abort, retry or promote.</param>
/// <param name="Reason">Why, in the person's words.</param>
public sealed record ActionRequest(string Action, string? Reason);
