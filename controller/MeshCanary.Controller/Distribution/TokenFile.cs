using System.Security.Cryptography;
using System.Text;

namespace MeshCanary.Controller.Distribution;

/// <summary>The token that proxies must show.</summary>
internal static class TokenFile
{
    /// <summary>Reads it; makes the file with a random one when absent, readable by its owner alone.</summary>
    /// <exception cref="IOException">The file cannot be read or made, or is empty.</exception>
    public static string Load(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new IOException($"The token file {full} is a folder. Name a file in it; it is made when absent.");
        try
        {
            if (!File.Exists(full))
                Make(full);
            var token = File.ReadAllText(full).Trim();
            return token.Length > 0
                ? token
                : throw new IOException($"The token file {full} is empty. Delete it, and the controller makes a new one at its next start.");
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new IOException($"The token file {full} cannot be read or made: {failure.Message} Give this user the right to it, or name another file.", failure);
        }
        catch (DirectoryNotFoundException failure)
        {
            throw new IOException($"The token file {full} cannot be made: its folder does not exist. Make the folder, or name another file.", failure);
        }
    }

    private static void Make(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) + "\n"));
        file.Flush(flushToDisk: true);
    }
}
