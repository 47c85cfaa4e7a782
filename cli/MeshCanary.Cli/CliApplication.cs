using System.CommandLine;
using System.CommandLine.Invocation;
using MeshCanary.Cli.Commands;
using MeshCanary.Cli.Hosting;

namespace MeshCanary.Cli;

/// <summary>The command line's one entry point, the same for the executable and for tests.</summary>
public static class CliApplication
{
    /// <summary>Parses and runs a command line.</summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="terminal">What the command reads from and writes to.</param>
    /// <param name="stop">Asked to end: servers drain and succeed, other commands end with <see cref="ExitCode.Interrupted"/>.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(terminal);
        var options = new GlobalOptions(terminal);
        var parsed = MeshCanaryCommand.Create(terminal, options).Parse(args);
        // Help and version are asked for with whatever else is missing.
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction or null)
            return RefuseUsage(parsed, terminal);
        try
        {
            var streams = new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(streams, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
#pragma warning disable CA1031 // The edge of the program: whatever went wrong is told in words, never as a stack trace.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return FailureReport.Write(failure, terminal.Error, options.ShowsStackTraces(parsed));
        }
    }

    private static int RefuseUsage(ParseResult parsed, Terminal terminal)
    {
        var messages = parsed.Errors.Select(error => error.Message).Distinct().ToList();

        // A word that is no command also counts as a missing one; told once is enough.
        var told = parsed.UnmatchedTokens.Count > 0 && messages.Count > 1
            ? messages.Where(message => parsed.UnmatchedTokens.Any(token => message.Contains(token, StringComparison.Ordinal)))
            : messages;
        foreach (var error in told)
            terminal.Error.WriteLine($"error: {error}");
        var names = parsed.CommandResult.Command is RootCommand ? "meshcanary" : $"meshcanary {parsed.CommandResult.Command.Name}";
        terminal.Error.WriteLine($"  remedy: see '{names} --help'.");
        return ExitCode.BadUsage;
    }
}
