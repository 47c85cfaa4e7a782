using System.Runtime.InteropServices;

namespace MeshCanary.Proxy.Transport;

/// <summary>The few calls of the system that the event loops need. Linux, by the names and figures of its C library.</summary>
internal static unsafe partial class Libc
{
    public const int Interrupted = 4;
    public const int WouldBlock = 11;
    public const int BadDescriptor = 9;
    public const int BrokenPipe = 32;
    public const int ConnectionReset = 104;
    public const int IsConnected = 106;
    public const int AlreadyConnecting = 114;
    public const int Connecting = 115;

    private const string Library = "libc";

    /// <summary>A descriptor for events, closed in children.</summary>
    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, byte* change);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, byte* events, int most, int milliseconds);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int descriptor, byte* buffer, nint length, int flags);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int descriptor, byte* bytes, nint length, int flags);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int descriptor, byte* address, int length);
}
