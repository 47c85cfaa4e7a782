using System.Globalization;
using MeshCanary.Testing.Processes;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Testing.Meshes;

/// <summary>Starts <c>meshcanary</c> as a user would.</summary>
public static class Launch
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    /// <summary>The address of a port, as options have it.</summary>
    public static string Loopback(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    /// <summary>The program that lies beside the tests.</summary>
    public static string Beside => Path.Combine(AppContext.BaseDirectory, "meshcanary.dll");

    /// <summary>Starts <see cref="Beside"/> with a command line.</summary>
    public static ChildProcess Run(params string[] arguments) => RunAt(Beside, arguments);

    /// <summary>Starts a program, given its <c>meshcanary.dll</c>, with a command line.</summary>
    public static ChildProcess RunAt(string program, params string[] arguments) => ChildProcess.Start(
        "dotnet", [program, .. arguments, "--log-level", "information"], new Dictionary<string, string> { ["NO_COLOR"] = "1" });

    /// <summary>Waits until a health page says yes.</summary>
    public static async Task ReadyAsync(ChildProcess process, Uri health, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(process);
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
