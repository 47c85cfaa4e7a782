namespace MeshCanary.Controller.Admission.Certifying;

/// <summary>A Secret as it was read.</summary>
/// <param name="Data">Its data as text.</param>
/// <param name="Version">Its version, for a write that must not overwrite another.</param>
internal sealed record StoredSecret(IReadOnlyDictionary<string, string> Data, string Version);
