using System.Diagnostics;
using System.Runtime.InteropServices;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Testing.Processes;

/// <summary>A process that a test starts and that never outlives it.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int SigTerm = 15;

    private static readonly TimeSpan ExitDeadline = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];

    private ChildProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Lines of standard output so far.</summary>
    public IReadOnlyList<string> Output => Copy(_output);

    /// <summary>Lines of standard error so far.</summary>
    public IReadOnlyList<string> Errors => Copy(_errors);

    /// <summary>Starts a program with all three standard streams redirected.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">Its arguments, each as the program should see it.</param>
    /// <param name="environment">Variables to set on top of those of the test.</param>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new ChildProcess(start);
    }

    /// <summary>Waits for a line of standard output.</summary>
    /// <returns>What follows the prefix in the first line that starts with it.</returns>
    public async Task<string> LineAsync(string prefix, TimeSpan deadline, CancellationToken cancellation = default)
    {
        string? Find() => Output.FirstOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];

        await Eventually.TrueAsync(
            () => Find() is not null || HasExited,
            deadline, $"a line '{prefix}…' from {_process.StartInfo.FileName}", Describe, cancellation);

        // Of a process that has ended, the last lines may still be on their way.
        if (Find() is null)
            await ExitAsync(cancellation);
        return Find()
            ?? throw new InvalidOperationException($"The process ended without a line '{prefix}…'. {Describe()}");
    }

    /// <summary>Closes its standard input.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Asks it to end (SIGTERM) and waits.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> TerminateAsync(CancellationToken cancellation = default)
    {
        _ = Signal(_process.Id, SigTerm);
        return ExitAsync(cancellation);
    }

    /// <summary>Ends it at once (SIGKILL), as a crash would, and waits.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await ExitAsync(CancellationToken.None);
    }

    /// <summary>Waits for its end, and for the rest of its output.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync(CancellationToken cancellation = default)
    {
        try
        {
            await _process.WaitForExitAsync(cancellation).WaitAsync(ExitDeadline, TimeProvider.System, cancellation);
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"The process {Id} did not end within {ExitDeadline.TotalSeconds} s. {Describe()}", error);
        }

        return _process.ExitCode;
    }

    /// <summary>Kills it if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    /// <summary>Its output, for messages.</summary>
    public string Describe() => string.Join('\n', ["Output:", .. Output, "Errors:", .. Errors]);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);

    private void Keep(List<string> lines, string? line)
    {
        if (line is null)
            return;
        lock (_gate)
            lines.Add(line);
    }

    private string[] Copy(List<string> lines)
    {
        lock (_gate)
            return [.. lines];
    }
}
