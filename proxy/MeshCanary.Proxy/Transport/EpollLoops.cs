using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace MeshCanary.Proxy.Transport;

/// <summary>The loops of this process, one for each core, made when first asked for. Any thread.</summary>
internal static class EpollLoops
{
    private static readonly Lazy<EpollLoop[]?> All = new(Make);
    private static int _next;

    [ThreadStatic]
    private static EpollLoop? _current;

    /// <summary>Whether this system has them.</summary>
    [MemberNotNullWhen(true, nameof(Loops))]
    public static bool AreSupported => Loops is not null;

    /// <summary>The loop that this thread runs; null on any other thread.</summary>
    public static EpollLoop? Current => _current;

    private static EpollLoop[]? Loops => All.Value;

    /// <summary>A loop for a new socket of a client: each in turn.</summary>
    public static EpollLoop Next() => Loops![(uint)Interlocked.Increment(ref _next) % Loops.Length];

    public static void Enter(EpollLoop loop) => _current = loop;

    private static EpollLoop[]? Make()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
            return null;
        try
        {
            return [.. Enumerable.Range(0, Environment.ProcessorCount).Select(index => new EpollLoop(index))];
        }
        catch (Exception fault) when (fault is Win32Exception or DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }
}
