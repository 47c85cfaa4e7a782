using MeshCanary.Controller.Admission.Reviews;

namespace MeshCanary.Controller.Admission;

/// <summary>What is said of one kind of write. Thread-safe and quick: a user's write waits for it.</summary>
internal interface IAdmissionRule
{
    /// <summary>Where the API server asks, such as <c>/canaries</c>.</summary>
    string Path { get; }

    /// <summary>Looks at a write.</summary>
    Answer Review(AdmissionRequest request);
}
