namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>A long body that is never in memory, and whose every byte is known. Its length is not announced.</summary>
internal sealed class PatternStream(long length) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <returns>How many bytes there were, all as they should be.</returns>
    public static async Task<long> VerifyAsync(Stream body, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        long position = 0;
        while (await body.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] != At(position++))
                    throw new InvalidDataException($"Byte {position - 1} is wrong.");
            }
        }

        return position;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = (int)Math.Min(count, length - _position);
        for (var i = 0; i < read; i++)
            buffer[offset + i] = At(_position++);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static byte At(long position) => (byte)((position * 31) ^ (position >> 13));
}
