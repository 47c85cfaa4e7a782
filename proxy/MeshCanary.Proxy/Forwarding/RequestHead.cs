namespace MeshCanary.Proxy.Forwarding;

/// <summary>Recognises the first bytes of HTTP/1.1 messages.</summary>
internal static class RequestHead
{
    /// <summary>Whether the bytes begin a request (and not a piece of a body or of a tunnel), and one that may be sent twice.</summary>
    public static bool Starts(ReadOnlySpan<byte> bytes, out bool idempotent)
    {
        idempotent = false;
        var end = bytes.IndexOf((byte)' ');
        if (end < 1 || bytes[..end].ContainsAnyExceptInRange((byte)'!', (byte)'~'))
            return false;

        var method = bytes[..end];
        idempotent = method.SequenceEqual("GET"u8) || method.SequenceEqual("HEAD"u8) || method.SequenceEqual("PUT"u8)
            || method.SequenceEqual("DELETE"u8) || method.SequenceEqual("OPTIONS"u8) || method.SequenceEqual("TRACE"u8);
        return true;
    }

    /// <summary>Whether a response says that what follows is no longer HTTP.</summary>
    public static bool Switches(ReadOnlySpan<byte> response) => response.StartsWith("HTTP/1.1 101"u8);
}
