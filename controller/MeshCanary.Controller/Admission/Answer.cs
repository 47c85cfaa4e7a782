using System.Collections.Immutable;
using System.Text.Json;
using MeshCanary.Controller.Admission.Reviews;

namespace MeshCanary.Controller.Admission;

/// <summary>What a rule says of a write: let through as it is, changed, or refused. Immutable.</summary>
internal sealed record Answer
{
    // Not Invalid (422): kubectl looks for causes there, and says nothing but "The request is invalid" without them.
    private const int BadRequest = 400;

    public static Answer Allow { get; } = new();

    /// <summary>Why it is refused, each with its path; empty when it is not.</summary>
    public ImmutableArray<string> Refusals { get; private init; } = [];

    /// <summary>What is changed; null for nothing.</summary>
    public ObjectPatch? Patch { get; private init; }

    /// <summary>Shown to the user by kubectl.</summary>
    public ImmutableArray<string> Warnings { get; private init; } = [];

    public static Answer Refuse(ImmutableArray<string> reasons) => reasons.IsEmpty ? Allow : new() { Refusals = reasons };

    public static Answer Change(ObjectPatch patch, params ImmutableArray<string> warnings) =>
        new() { Patch = patch.IsEmpty ? null : patch, Warnings = warnings };

    /// <summary>The answer as the API server reads it.</summary>
    public AdmissionReview To(AdmissionRequest request) => new()
    {
        Response = new AdmissionResponse
        {
            Uid = request.Uid,
            Allowed = Refusals.IsEmpty,
            Status = Refusals.IsEmpty ? null : new AdmissionStatus(BadRequest, "BadRequest", string.Join('\n', Refusals)),
            PatchType = Patch is null ? null : "JSONPatch",
            Patch = Patch is null ? null : JsonSerializer.SerializeToUtf8Bytes(Patch.ToJson()),
            Warnings = Warnings.IsEmpty ? null : Warnings,
        },
    };
}
