namespace MeshCanary.Controller.Admission.Reviews;

/// <summary>What the API server asks, and what it is answered (<c>admission.k8s.io/v1</c>).</summary>
internal sealed record AdmissionReview
{
    public string ApiVersion { get; init; } = "admission.k8s.io/v1";

    public string Kind { get; init; } = "AdmissionReview";

    public AdmissionRequest? Request { get; init; }

    public AdmissionResponse? Response { get; init; }
}
