namespace MeshCanary.Controller.Admission.Certifying;

/// <summary>The one Secret that all replicas share.</summary>
internal interface ISecretStore
{
    /// <summary>Reads it; null when there is none.</summary>
    Task<StoredSecret?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Creates it; false when somebody was quicker.</summary>
    Task<bool> CreateAsync(IReadOnlyDictionary<string, string> data, CancellationToken cancellationToken);

    /// <summary>Replaces its data; false when it has changed since <paramref name="version"/>.</summary>
    Task<bool> ReplaceAsync(IReadOnlyDictionary<string, string> data, string version, CancellationToken cancellationToken);
}
