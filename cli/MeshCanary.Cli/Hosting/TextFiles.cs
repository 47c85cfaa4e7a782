namespace MeshCanary.Cli.Hosting;

/// <summary>Reads and writes the files that a command line names, and says which one could not be and why.</summary>
internal static class TextFiles
{
    /// <summary>The text of a file.</summary>
    public static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandFailure($"There is no file {path}.", "check the path.", cause: failure);
        }
        catch (UnauthorizedAccessException failure)
        {
            var why = Directory.Exists(path) ? "it is a folder" : "permission denied";
            throw new CommandFailure($"{path} cannot be read: {why}.", "name a file that you may read.", cause: failure);
        }
        catch (IOException failure)
        {
            throw new CommandFailure($"{path} cannot be read: {failure.Message}", "name a file that can be read.", cause: failure);
        }
    }

    /// <summary>Writes a file.</summary>
    public static async Task WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        try
        {
            await File.WriteAllBytesAsync(path, content, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{path} cannot be written: {failure.Message}", "name a file in a folder that exists and that you may write to.", cause: failure);
        }
    }
}
