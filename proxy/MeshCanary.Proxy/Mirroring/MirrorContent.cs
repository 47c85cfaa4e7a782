using System.Net;

namespace MeshCanary.Proxy.Mirroring;

/// <summary>The body of a copy: what was taken of the user's, which is whole when the copy is sent.</summary>
internal sealed class MirrorContent(MirrorCopy copy) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(copy.Body, cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = copy.Body.Length;
        return true;
    }
}
