using System.Collections.Immutable;
using MeshCanary.Controller.Metrics.Providers.Secrets;

namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>
/// Secrets of a controller without a cluster: <c>FOLDER/NAMESPACE/NAME/KEY</c>, a file for each key, as a Secret is mounted. They are read each
/// time: who renews them need tell nobody. A white space at the end of a file is none of the value.
/// </summary>
internal sealed class FolderSecretReader(string folder) : ISecretReader
{
    private const int LongestFile = 1 << 20;

    /// <inheritdoc/>
    public async Task<SecretContents> ReadAsync(string space, string name, CancellationToken cancellationToken)
    {
        var place = Path.Combine(folder, space, name);
        if (!Directory.Exists(place))
            return None($"there is no Secret {space}/{name}. Make the folder {place} with a file for each key, or name another in secretRef");
        try
        {
            var keys = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            foreach (var file in new DirectoryInfo(place).EnumerateFiles().Where(file => file.Length <= LongestFile))
                keys[file.Name] = (await File.ReadAllTextAsync(file.FullName, cancellationToken).ConfigureAwait(false)).TrimEnd();
            return new SecretContents(keys.ToImmutable());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return None($"the Secret {space}/{name} in {place} cannot be read: {failure.Message.TrimEnd('.')}");
        }
    }

    private static SecretContents None(string problem) => new(ImmutableDictionary<string, string>.Empty, problem);
}
