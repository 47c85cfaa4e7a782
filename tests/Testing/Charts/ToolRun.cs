using System.Diagnostics;

namespace MeshCanary.Testing.Charts;

/// <summary>One call of a program, and what came of it.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record ToolRun(int Code, string Out, string Error)
{
    /// <summary>Calls a program without an input.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="cancellation">Kills it.</param>
    public static async Task<ToolRun> OfAsync(string program, IEnumerable<string> args, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return new ToolRun(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
