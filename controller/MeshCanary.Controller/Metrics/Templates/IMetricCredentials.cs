namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>Reads what providers ask for to let somebody in. Thread-safe.</summary>
internal interface IMetricCredentials
{
    /// <summary>Reads a Secret. That it cannot be read is an answer; it throws only when it is cancelled.</summary>
    Task<CredentialsFound> ReadAsync(string @namespace, string secretName, CancellationToken cancellationToken);
}
