using System.Diagnostics;

namespace MeshCanary.TestCluster.Isolation;

/// <summary>A process in a group of its own whose output goes to a file.</summary>
internal sealed class LoggedProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<int> _exit;

    private LoggedProcess(Process process, string log)
    {
        (_process, Log) = (process, log);
        _exit = ExitAsync();
    }

    /// <summary>The process id, which is also its group's.</summary>
    public int Id => _process.Id;

    /// <summary>The file of its output.</summary>
    public string Log { get; }

    /// <summary>Its exit code when it has ended.</summary>
    public Task<int> Exit => _exit;

    /// <summary>Starts a command.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="log">The file of its output, which grows.</param>
    /// <param name="environment">All of its variables, or null for those of this process.</param>
    public static LoggedProcess Start(
        IReadOnlyList<string> command, string log, IReadOnlyDictionary<string, string>? environment = null)
    {
        // The shell becomes the command, by way of setsid: one process, one id, a group of its own.
        var start = new ProcessStartInfo("/bin/sh",
            ["-c", "log=$1; shift; exec setsid \"$@\" </dev/null >>\"$log\" 2>&1", "sh", log, .. command]);
        if (environment is not null)
        {
            start.Environment.Clear();
            foreach (var (name, value) in environment)
                start.Environment[name] = value;
        }

        return new LoggedProcess(Process.Start(start)!, log);
    }

    /// <summary>Sends a signal to the process alone.</summary>
    /// <param name="signal">The signal.</param>
    public void Signal(int signal)
    {
        if (!_exit.IsCompleted)
            Signals.Send(Id, signal);
    }

    /// <summary>Ends the process and all it started.</summary>
    public void Kill()
    {
        if (!_exit.IsCompleted)
            Signals.Send(-Id, Signals.Kill);
    }

    /// <summary>Kills it and waits.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill();
        Signal(Signals.Kill);
        await _exit;
        _process.Dispose();
    }

    private async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        var code = _process.ExitCode;

        // What the process left behind goes with it, as a container's processes go with its first.
        Signals.Send(-_process.Id, Signals.Kill);
        return code;
    }
}
