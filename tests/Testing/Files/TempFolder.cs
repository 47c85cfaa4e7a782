namespace MeshCanary.Testing.Files;

/// <summary>A folder of a test's own that goes with it.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Creates the folder.</summary>
    public TempFolder() => FullName = Directory.CreateTempSubdirectory("meshcanary-test-").FullName;

    /// <summary>The absolute path of the folder.</summary>
    public string FullName { get; }

    /// <summary>The absolute path of something in it, which need not exist.</summary>
    public string PathOf(params string[] parts) => Path.Combine([FullName, .. parts]);

    /// <summary>Writes a file in it.</summary>
    /// <returns>Its absolute path.</returns>
    public string Write(string name, string content)
    {
        var path = PathOf(name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Deletes the folder.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(FullName, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A process that a failed test left behind may still write here; its failure must stay the one that is seen.
        }
    }
}
