namespace MeshCanary.Controller.Recording;

/// <summary>The folder that holds the state, held against a second controller for as long as this is not disposed.</summary>
internal sealed class StateFolder : IDisposable
{
    private readonly FileStream _lock;

    private StateFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The state file.</summary>
    public string DatabaseFile => System.IO.Path.Combine(Path, "state.db");

    /// <summary>Takes the folder; makes it when absent.</summary>
    /// <exception cref="IOException">It is held by another controller, or cannot be written.</exception>
    public static StateFolder Take(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(full);
            else
                Directory.CreateDirectory(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The state folder {full} cannot be made: {failure.Message} Name a folder that this user may write.", failure);
        }

        return new StateFolder(full, Hold(full));
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static FileStream Hold(string folder)
    {
        var file = System.IO.Path.Combine(folder, "lock");
        try
        {
            // The system lets go of the lock when the process dies, whichever way: there is no stale lock to clean up.
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new IOException($"The state folder {folder} cannot be written ({failure.Message}). Name a folder that this user may write.", failure);
        }
        catch (IOException failure)
        {
            throw new IOException(
                $"The state folder {folder} is in use by another controller ({file} is locked). Stop that one first, or name another folder.", failure);
        }
    }
}
