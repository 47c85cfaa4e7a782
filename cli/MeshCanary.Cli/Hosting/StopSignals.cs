using System.Runtime.InteropServices;

namespace MeshCanary.Cli.Hosting;

/// <summary>Turns the first SIGINT or SIGTERM into a request to stop; a second one ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private volatile int _interrupted = ExitCode.Interrupted;

    public StopSignals()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            _registrations.Add(PosixSignalRegistration.Create(signal, Handle));
    }

    public CancellationToken Stop => _stop.Token;

    /// <summary>The exit code that tells which signal a command was interrupted by; any other code stays.</summary>
    public int CodeOf(int code) => code == ExitCode.Interrupted ? _interrupted : code;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        if (_stop.IsCancellationRequested)
            return;
        signal.Cancel = true;
        _interrupted = signal.Signal switch
        {
            PosixSignal.SIGTERM => ExitCode.Terminated,
            PosixSignal.SIGHUP => ExitCode.HungUp,
            _ => ExitCode.Interrupted,
        };
        _stop.Cancel();
    }
}
