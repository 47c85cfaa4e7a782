using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MeshCanary.Proxy.Transport;

/// <summary>The system's record of an event: flags, and a number that we gave. How it lies in memory depends on the processor.</summary>
internal static unsafe class EpollEvents
{
    public const uint In = 0x1;
    public const uint Out = 0x4;
    public const uint Error = 0x8;
    public const uint HangUp = 0x10;
    public const uint PeerHangUp = 0x2000;
    public const uint EdgeTriggered = 1u << 31;

    /// <summary>Bytes of a record.</summary>
    public static readonly int Size = IsPacked ? 12 : 16;

    private static readonly int NumberAt = IsPacked ? 4 : 8;

    private static bool IsPacked => RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;

    public static uint Flags(byte* record) => Unsafe.ReadUnaligned<uint>(record);

    public static long Number(byte* record) => Unsafe.ReadUnaligned<long>(record + NumberAt);

    public static void Write(byte* record, uint flags, long number)
    {
        Unsafe.WriteUnaligned(record, flags);
        Unsafe.WriteUnaligned(record + NumberAt, number);
    }
}
