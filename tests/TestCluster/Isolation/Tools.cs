using System.Diagnostics;

namespace MeshCanary.TestCluster.Isolation;

/// <summary>Runs the machine's small tools (<c>ip</c>, <c>nft</c>, <c>nsenter</c>).</summary>
internal static class Tools
{
    /// <summary>Where tools and programs of pods are looked for.</summary>
    public const string Path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Runs a tool to its end.</summary>
    /// <param name="input">Its standard input.</param>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellation">Kills it.</param>
    public static async Task<ToolResult> RunAsync(
        string? input, string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await WriteAsync(process, input);
            await process.WaitForExitAsync(cancellation);
            return new ToolResult(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Runs a tool that must succeed.</summary>
    /// <param name="input">Its standard input.</param>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellation">Kills it.</param>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task MustAsync(
        string? input, string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var all = arguments.ToArray();
        var result = await RunAsync(input, program, all, cancellation);
        if (result.ExitCode != 0)
            throw new InvalidOperationException(
                $"{program} {string.Join(' ', all)} failed ({result.ExitCode}): {result.Errors.Trim()}\n{input}");
    }

    private static async Task WriteAsync(Process process, string? input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A tool that ended before it read everything says why itself.
        }
    }
}
