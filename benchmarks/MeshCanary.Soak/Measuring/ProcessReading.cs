using System.Globalization;

namespace MeshCanary.Soak.Measuring;

/// <summary>What the kernel knows of a process.</summary>
/// <param name="ResidentMegabytes">Memory that is resident, in MB (2^20 bytes).</param>
/// <param name="Handles">Open files and sockets.</param>
internal readonly record struct ProcessReading(double ResidentMegabytes, int Handles)
{
    /// <summary>Reads <c>/proc</c>.</summary>
    /// <exception cref="IOException">The process has ended.</exception>
    public static ProcessReading Of(int process)
    {
        var status = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        var kilobytes = double.Parse(status.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
        return new ProcessReading(kilobytes / 1024, Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count());
    }
}
