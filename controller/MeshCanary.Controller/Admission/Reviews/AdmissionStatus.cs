namespace MeshCanary.Controller.Admission.Reviews;

/// <summary>Why a write is refused.</summary>
/// <param name="Code">HTTP status of the refusal.</param>
/// <param name="Reason">The same in one word of Kubernetes.</param>
/// <param name="Message">In words.</param>
internal sealed record AdmissionStatus(int Code, string Reason, string Message);
