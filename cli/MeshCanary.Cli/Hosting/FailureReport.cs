using MeshCanary.Cli.Client;

namespace MeshCanary.Cli.Hosting;

/// <summary>Tells a failure in words.</summary>
internal static class FailureReport
{
    /// <summary>Writes the report and returns the exit code.</summary>
    public static int Write(Exception failure, TextWriter error, bool withStackTrace)
    {
        if (withStackTrace)
            error.WriteLine(failure);
        switch (failure)
        {
            case CommandFailure known:
                error.WriteLine($"error: {known.Message}");
                if (known.Remedy.Length > 0)
                    error.WriteLine($"  remedy: {known.Remedy}");
                return known.ExitCode;
            case ServerUnreachable:
                error.WriteLine($"error: {failure.Message}");
                error.WriteLine($"  remedy: {ServerUnreachable.Remedy}");
                return ExitCode.Error;
            // The hosts' own messages name the address or file and say what to do.
            case IOException or UnauthorizedAccessException or InvalidDataException:
                error.WriteLine($"error: {failure.Message}");
                return ExitCode.Error;
            default:
                error.WriteLine($"error: unexpected {failure.GetType().Name}: {failure.Message}");
                error.WriteLine("  remedy: run again with --log-level debug for the details, and report them.");
                return ExitCode.Error;
        }
    }
}
