using System.Runtime.InteropServices;

namespace MeshCanary.TestCluster.Isolation;

/// <summary>Signals to processes.</summary>
internal static partial class Signals
{
    public const int Terminate = 15;
    public const int Kill = 9;

    /// <summary>Sends a signal; one that has ended meanwhile is no error.</summary>
    /// <param name="process">A process id, or the negative id of a process group.</param>
    /// <param name="signal">The signal.</param>
    public static void Send(int process, int signal) => _ = SendSignal(process, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
