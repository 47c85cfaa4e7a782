using System.Text.Json;

namespace MeshCanary.Controller.Admission.Reviews;

/// <summary>A write that waits for our word.</summary>
internal sealed record AdmissionRequest
{
    public required string Uid { get; init; }

    /// <summary>CREATE, UPDATE, DELETE or CONNECT.</summary>
    public required string Operation { get; init; }

    public string Namespace { get; init; } = "";

    /// <summary>Empty while the server has not yet chosen the rest of a <c>generateName</c>.</summary>
    public string Name { get; init; } = "";

    public AdmissionUser UserInfo { get; init; } = new();

    public JsonElement? Object { get; init; }

    public JsonElement? OldObject { get; init; }
}
