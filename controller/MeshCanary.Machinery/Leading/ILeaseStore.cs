namespace MeshCanary.Machinery.Leading;

/// <summary>Where a lease is kept.</summary>
internal interface ILeaseStore
{
    /// <summary>Reads it; null when there is none.</summary>
    Task<LeaseRecord?> ReadAsync(CancellationToken cancellation);

    /// <summary>Writes it, if it still has the version of the record; returns it with its new version.</summary>
    /// <exception cref="Calling.ApiException">Somebody else was first (a conflict), or it is not known.</exception>
    Task<LeaseRecord> WriteAsync(LeaseRecord record, CancellationToken cancellation);
}
