using System.Collections.Immutable;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Prometheus.Access;

/// <summary>Credentials in a folder, a file for each key, as a Secret is mounted. They are read each time: who renews them need tell nobody.</summary>
internal sealed class FolderCredentials : ICredentialReader
{
    private const int LongestFile = 1 << 20;

    /// <inheritdoc/>
    public async Task<ImmutableDictionary<string, string>> ReadAsync(string @namespace, PrometheusSpec spec, CancellationToken cancellationToken)
    {
        if (spec.CredentialsFolder is not { } folder)
            return ImmutableDictionary<string, string>.Empty;
        try
        {
            var found = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles().Where(file => file.Length <= LongestFile))
                found[file.Name] = await File.ReadAllTextAsync(file.FullName, cancellationToken).ConfigureAwait(false);
            return found.ToImmutable();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new IOException($"the credentials in {folder} cannot be read: {failure.Message.TrimEnd('.')}", failure);
        }
    }
}
