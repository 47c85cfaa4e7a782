using System.Globalization;
using MeshCanary.Testing.Processes;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Functional.Tests.Meshes;

/// <summary>Starts <c>meshcanary</c> as a user would.</summary>
internal static class Launch
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    /// <summary>The address of a port, as options have it.</summary>
    public static string Loopback(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    /// <summary>Starts a process with a command line.</summary>
    public static ChildProcess Run(params string[] arguments) => ChildProcess.Start(
        "dotnet", [Path.Combine(AppContext.BaseDirectory, "meshcanary.dll"), .. arguments, "--log-level", "information"],
        new Dictionary<string, string> { ["NO_COLOR"] = "1" });

    /// <summary>Waits until a health page says yes.</summary>
    public static async Task ReadyAsync(ChildProcess process, Uri health, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        await Eventually.TrueAsync(
            async () =>
            {
                if (process.HasExited)
                    return true;
                using var answer = await client.GetAsync(health, cancellation);
                return answer.IsSuccessStatusCode;
            },
            StartDeadline, $"{health} answers", process.Describe, cancellation);
        if (process.HasExited)
            throw new InvalidOperationException($"The process ended at once. {process.Describe()}");
    }
}
