using System.Net.Sockets;

namespace MeshCanary.Proxy.Transport;

/// <summary>The system's error numbers as exceptions.</summary>
internal static class SocketFault
{
    /// <summary>The exception for what a call on a socket returned.</summary>
    /// <param name="result">The number of the error below zero.</param>
    public static SocketException Of(int result) => new((int)ErrorOf(-result));

    /// <summary>Whether it says that the other side is gone.</summary>
    public static bool IsReset(int result) => -result is Libc.ConnectionReset or Libc.BrokenPipe;

    private static SocketError ErrorOf(int number) => number switch
    {
        Libc.BadDescriptor => SocketError.OperationAborted,
        Libc.BrokenPipe => SocketError.Shutdown,
        Libc.ConnectionReset => SocketError.ConnectionReset,
        13 or 1 => SocketError.AccessDenied,
        99 => SocketError.AddressNotAvailable,
        100 => SocketError.NetworkDown,
        101 => SocketError.NetworkUnreachable,
        105 or 12 => SocketError.NoBufferSpaceAvailable,
        110 => SocketError.TimedOut,
        111 => SocketError.ConnectionRefused,
        112 => SocketError.HostDown,
        113 => SocketError.HostUnreachable,
        _ => SocketError.SocketError,
    };
}
