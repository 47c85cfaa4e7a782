namespace MeshCanary.Controller.Metrics.Providers.Secrets;

/// <summary>Where the credentials of templates are. Thread-safe.</summary>
internal interface ISecretReader
{
    /// <summary>Reads a Secret. Keeps nothing, so that a new one counts at once.</summary>
    /// <param name="space">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<SecretContents> ReadAsync(string space, string name, CancellationToken cancellationToken);
}
