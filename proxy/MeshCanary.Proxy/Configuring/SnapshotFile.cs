using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using MeshCanary.Contracts.V1;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Configuring;

/// <summary>
/// Keeps the last good snapshot for a start without a controller: a line with a checksum, then readable JSON. Written
/// beside, flushed and renamed, so that the file is whole at any moment.
/// </summary>
internal sealed partial class SnapshotFile(string path, ILogger<SnapshotFile> logger)
{
    private const string Magic = "meshcanary-snapshot 1 sha256=";

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>Reads the snapshot.</summary>
    /// <returns>Null when there is none, or when the file is damaged; a damaged file is set aside.</returns>
    /// <exception cref="IOException">The file is there and cannot be read.</exception>
    public Snapshot? Read()
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception denied) when (denied is UnauthorizedAccessException or IOException)
        {
            throw new IOException($"Cannot read the snapshot file {path}: {denied.Message} Make it readable, or name another file.", denied);
        }

        try
        {
            return Parse(text);
        }
        catch (Exception damaged) when (damaged is FormatException or InvalidProtocolBufferException)
        {
            SetAside(damaged.Message);
            return null;
        }
    }

    /// <summary>Writes the snapshot; a failure is logged, since serving goes on without the file.</summary>
    public void Write(Snapshot snapshot)
    {
        var beside = path + ".new";
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                Directory.CreateDirectory(folder);
            var json = JsonFormatter.Default.Format(snapshot);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
            // It may hold the keys that sign cookies.
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(beside, options))
            {
                file.Write(Encoding.UTF8.GetBytes($"{Magic}{Checksum(json)}\n{json}"));
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(path, failure.Message);
        }
    }

    /// <summary>Moves a file that cannot be used out of the way, for a person to look at.</summary>
    public void SetAside(string reason)
    {
        var aside = path + ".corrupt";
        try
        {
            File.Move(path, aside, overwrite: true);
            LogSetAside(path, reason, aside);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNotSetAside(path, reason, failure.Message);
        }
    }

    private static Snapshot Parse(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        if (end < 0 || !text.StartsWith(Magic, StringComparison.Ordinal))
            throw new FormatException("It does not start with the line of a snapshot file.");
        var json = text[(end + 1)..];
        if (!text.AsSpan(Magic.Length, end - Magic.Length).SequenceEqual(Checksum(json)))
            throw new FormatException("Its content does not match its checksum.");
        return Parser.Parse<Snapshot>(json);
    }

    private static string Checksum(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));

    [LoggerMessage(Level = LogLevel.Error, Message =
        "The snapshot file {Path} cannot be used: {Reason} It was moved to {Aside}. The proxy has no configuration until its controller sends one.")]
    private partial void LogSetAside(string path, string reason, string aside);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "The snapshot file {Path} cannot be used: {Reason} It could not be moved aside either: {Failure} Remove it by hand.")]
    private partial void LogNotSetAside(string path, string reason, string failure);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "The snapshot could not be saved to {Path}: {Failure} Serving goes on; a restart without the controller would begin with what the file held before. See that the folder exists, is writable and has space.")]
    private partial void LogNotWritten(string path, string failure);
}
