using System.Buffers.Binary;

namespace MeshCanary.Testing.Exchanges;

/// <summary>The framing of gRPC messages over HTTP/2, without a message format: what is sent is bytes.</summary>
internal static class GrpcFrames
{
    public const string ContentType = "application/grpc";
    public const string Status = "grpc-status";

    private const int HeadLength = 5;

    /// <summary>One message in its frame, uncompressed.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> message)
    {
        var frame = new byte[HeadLength + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame.AsSpan(HeadLength));
        return frame;
    }

    public static async Task WriteAsync(Stream stream, byte[] message, CancellationToken cancellation)
    {
        await stream.WriteAsync(Frame(message), cancellation);
        await stream.FlushAsync(cancellation);
    }

    /// <summary>The next message; null at the end of the stream.</summary>
    public static async Task<byte[]?> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var head = new byte[HeadLength];
        if (await stream.ReadAtLeastAsync(head, HeadLength, throwOnEndOfStream: false, cancellation) == 0)
            return null;
        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
        await stream.ReadExactlyAsync(message, cancellation);
        return message;
    }
}
