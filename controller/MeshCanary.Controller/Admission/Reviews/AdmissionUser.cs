namespace MeshCanary.Controller.Admission.Reviews;

/// <summary>Who writes.</summary>
internal sealed record AdmissionUser
{
    public string Username { get; init; } = "";
}
