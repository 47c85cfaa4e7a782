namespace MeshCanary.Proxy.Telling;

/// <summary>
/// A file that lines are appended to. Before each write it looks whether the name still leads to the file that is open, so that
/// whoever rotates it need tell nobody; one that was cut short is continued at its new end.
/// </summary>
internal sealed class FileSink(string path) : ILineSink
{
    private FileStream? _stream;
    private bool _isTorn;

    public string Place => path;

    public void Open()
    {
        try
        {
            _stream = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                // Others may read, move and remove it.
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
            });
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new IOException($"The access log {path} cannot be opened: {fault.Message}", fault);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        if (_stream is not null && HasMoved(_stream))
            Close();
        if (_stream is null)
            Open();
        try
        {
            await AppendAsync(_stream!, lines, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Some of a line may be in it.
            _isTorn = true;
            Close();
            throw;
        }
    }

    public void Dispose() => Close();

    private async ValueTask AppendAsync(FileStream stream, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        if (stream.CanSeek)
            stream.Seek(0, SeekOrigin.End);
        if (_isTorn)
            await stream.WriteAsync("\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync(lines, cancellationToken).ConfigureAwait(false);
        _isTorn = false;
    }

    private void Close()
    {
        _stream?.Dispose();
        _stream = null;
    }

    // Nobody else writes to it, so a file of another birth or length is another file.
    private bool HasMoved(FileStream stream)
    {
        if (!stream.CanSeek)
            return false;
        var now = new FileInfo(path);
        return !now.Exists || now.Length != stream.Length || now.CreationTimeUtc != File.GetCreationTimeUtc(stream.SafeFileHandle);
    }
}
