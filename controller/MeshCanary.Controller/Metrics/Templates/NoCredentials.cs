namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>For a controller that reads no Secrets.</summary>
internal sealed class NoCredentials : IMetricCredentials
{
    /// <inheritdoc/>
    public Task<CredentialsFound> ReadAsync(string @namespace, string secretName, CancellationToken cancellationToken) =>
        Task.FromResult(new CredentialsFound(null, $"Secret {@namespace}/{secretName} cannot be read: this controller reads no Secrets; use a provider that asks for none"));
}
