using System.Collections.Immutable;

namespace MeshCanary.Controller.Admission.Reviews;

/// <summary>Our word.</summary>
internal sealed record AdmissionResponse
{
    public required string Uid { get; init; }

    public required bool Allowed { get; init; }

    public AdmissionStatus? Status { get; init; }

    public string? PatchType { get; init; }

    /// <summary>A JSON patch; base64 on the wire.</summary>
    public byte[]? Patch { get; init; }

    public ImmutableArray<string>? Warnings { get; init; }
}
