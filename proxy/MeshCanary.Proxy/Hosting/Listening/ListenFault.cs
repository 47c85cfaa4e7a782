using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace MeshCanary.Proxy.Hosting.Listening;

/// <summary>Says in plain words why an address cannot be listened on.</summary>
internal static class ListenFault
{
    public static bool Is(Exception fault) => fault is IOException or SocketException or AddressInUseException;

    public static IOException Describe(IPEndPoint address, string what, Exception fault)
    {
        var reason = Innermost(fault) switch
        {
            AddressInUseException => "the address is in use. Stop what listens there, or choose another port.",
            SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => "the address is in use. Stop what listens there, or choose another port.",
            SocketException { SocketErrorCode: SocketError.AccessDenied } => "the port needs rights that this process does not have. Choose a port above 1023, or grant them.",
            SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => "this machine does not have the address. Choose one of its own, or 0.0.0.0 for all.",
            var other => other.Message,
        };
        return new IOException($"Cannot listen on {address} for {what}: {reason}", fault);
    }

    private static Exception Innermost(Exception fault) =>
        fault is AddressInUseException or SocketException || fault.InnerException is null ? fault : Innermost(fault.InnerException);
}
