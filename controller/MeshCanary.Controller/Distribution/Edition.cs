using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Distribution;

/// <summary>A published snapshot.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Snapshot">The snapshot; never changed after it is in here.</param>
internal sealed record Edition(long Version, Wire.Snapshot Snapshot);
