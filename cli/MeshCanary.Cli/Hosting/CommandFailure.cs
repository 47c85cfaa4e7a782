namespace MeshCanary.Cli.Hosting;

/// <summary>A failure that is the user's to mend: says what is wrong, where, and what to do.</summary>
internal sealed class CommandFailure(string what, string remedy, int exitCode = ExitCode.Error, Exception? cause = null)
    : Exception(what, cause)
{
    /// <summary>What to do.</summary>
    public string Remedy { get; } = remedy;

    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; } = exitCode;
}
