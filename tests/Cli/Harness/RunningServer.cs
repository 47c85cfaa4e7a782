using System.Text.RegularExpressions;
using MeshCanary.Cli.Hosting;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cli.Tests.Harness;

/// <summary>A server command that runs in this process until it is disposed.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly TextWriter _out;
    private readonly TextWriter _err;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<int> _code;

    private RunningServer(string[] args, Func<string, string?>? variable)
    {
        (_out, _err) = (TextWriter.Synchronized(_output), TextWriter.Synchronized(_error));
        _code = CliApplication.RunAsync(args, new Terminal { Out = _out, Error = _err, Variable = variable ?? (static _ => null) }, _stop.Token);
    }

    /// <summary>What it wrote so far.</summary>
    public string Out
    {
        get
        {
            // The synchronized writer takes its own lock for every write.
            lock (_out)
                return _output.ToString();
        }
    }

    public string Error
    {
        get
        {
            lock (_err)
                return _error.ToString();
        }
    }

    /// <summary>Starts <c>serve</c> and waits until it is ready.</summary>
    public static Task<RunningServer> ServeAsync(string file, string state, params string[] more) => StartAsync(
        ["serve", "-f", file, "--state", state, "--listen", "127.0.0.1:0", "--api", "127.0.0.1:0", "--control", "127.0.0.1:0", "--proxy-admin", "127.0.0.1:0", .. more],
        "Stop with Ctrl-C.");

    /// <summary>Starts a command and waits for a text on its output.</summary>
    public static async Task<RunningServer> StartAsync(string[] args, string ready, Func<string, string?>? variable = null)
    {
        var server = new RunningServer(args, variable);
        await Eventually.TrueAsync(
            () => server.Out.Contains(ready, StringComparison.Ordinal) || server._code.IsCompleted, Deadline, $"'{ready}' on the output", () => server.Out + server.Error, TestContext.Current.CancellationToken);
        Assert.False(server._code.IsCompleted, server.Out + server.Error);
        return server;
    }

    /// <summary>The first address after a label of the banner.</summary>
    public Uri Address(string label) => new(Regex.Match(Out, $@"{label}\s+(http://[0-9.:]+)").Groups[1].Value);

    /// <summary>Asks it to stop, as a signal would, and waits.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _code.WaitAsync(Deadline, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }
}
