using System.Diagnostics;
using System.Globalization;
using System.Text;
using MeshCanary.Cli.Hosting;

namespace MeshCanary.Cli.Demonstrating;

/// <summary>
/// One version of the sample service as a process of its own. Its standard input is held open by this process and it
/// ends when that closes, so it cannot outlive the demo, however the demo ends.
/// </summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private const string ReadyLine = "listening on ";
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly StringBuilder _complaints = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SampleProcess(Process process, TimeProvider time)
    {
        (_process, _time) = (process, time);
        process.EnableRaisingEvents = true;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Complain(line.Data);
        process.Exited += (_, _) => _ = EndAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => _ready.Task.Result;

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts a version and waits until it listens.</summary>
    /// <exception cref="CommandFailure">It did not start.</exception>
    public static async Task<SampleProcess> StartAsync(string program, string version, IEnumerable<string> arguments, TimeProvider time, CancellationToken stop)
    {
        string[] all = ["--version", version, "--listen", "127.0.0.1:0", "--exit-with-stdin", .. arguments];
        var isAssembly = program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(isAssembly ? DotnetHost() : program, isAssembly ? ["exec", program, .. all] : all)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var sample = new SampleProcess(new Process { StartInfo = start }, time);
        try
        {
            sample._process.Start();
            sample._process.BeginOutputReadLine();
            sample._process.BeginErrorReadLine();
            await sample._ready.Task.WaitAsync(StartDeadline, time, stop).ConfigureAwait(false);
            return sample;
        }
        catch (Exception failure)
        {
            await sample.DisposeAsync().ConfigureAwait(false);
            if (failure is System.ComponentModel.Win32Exception or TimeoutException)
                throw new CommandFailure($"The sample service {program} did not start: {failure.Message}", "build it with 'dotnet build examples/MeshCanary.SampleService', or run ./demo.sh, which does.", cause: failure);
            throw;
        }
    }

    /// <summary>Ends it and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (IsRunning())
        {
            _process.StandardInput.Close();
            try
            {
                await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(EndDeadline, _time, CancellationToken.None).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    private static string DotnetHost()
    {
        var self = Environment.ProcessPath;
        if (Path.GetFileNameWithoutExtension(self) is "dotnet" && self is not null)
            return self;
        return Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
    }

    private bool IsRunning()
    {
        try
        {
            return !_process.HasExited;
        }
        catch (InvalidOperationException)
        {
            // It was never started.
            return false;
        }
    }

    private void Read(string? line)
    {
        if (line is not null && line.StartsWith(ReadyLine, StringComparison.Ordinal))
            _ready.TrySetResult(new Uri(line[ReadyLine.Length..].Trim()));
    }

    private void Complain(string? line)
    {
        lock (_complaints)
            _complaints.AppendLine(CultureInfo.InvariantCulture, $"{line}");
    }

    // The process may be gone before its last words have been read.
    private async Task EndAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ready.TrySetException(Ended());
    }

    private CommandFailure Ended()
    {
        lock (_complaints)
            return new CommandFailure($"The sample service ended before it listened. It said: {_complaints.ToString().Trim()}", "build the solution again and run ./demo.sh once more.");
    }
}
