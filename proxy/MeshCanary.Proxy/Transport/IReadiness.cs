namespace MeshCanary.Proxy.Transport;

/// <summary>Is told on the loop's thread that a socket may have something. Must not block.</summary>
internal interface IReadiness
{
    /// <summary>Bytes, an end or a fault may be there to receive.</summary>
    void OnReadable(bool ended);

    /// <summary>There may be room to send, or a fault.</summary>
    void OnWritable();
}
