using MeshCanary.Machinery.Applying;

namespace MeshCanary.Controller.Traffic.Meshes.Pinning;

/// <summary>What is to be done next with the selector of the Service that clients call.</summary>
/// <param name="Patch">A change of the Service; null for none.</param>
/// <param name="Waits">What is waited for, in plain words; null when the selector is as it should be.</param>
/// <param name="Told">A warning for people who look at the Service; null for none.</param>
internal sealed record PinStep(JsonPatch? Patch, string? Waits, string? Told)
{
    /// <summary>All is as it should be.</summary>
    public static PinStep Done { get; } = new(null, null, null);

    /// <summary>Somebody else has to do something first.</summary>
    public static PinStep Wait(string what) => new(null, what, null);
}
