using MeshCanary.Testing.Processes;

namespace MeshCanary.Testing.Tests.Processes;

public class ChildProcessTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LineAsync_LineComes_ReturnsWhatFollowsThePrefix()
    {
        await using var process = Shell("echo first; echo \"port $PORT\"; cat", new() { ["PORT"] = "80" });

        Assert.Equal("80", await process.LineAsync("port ", Deadline, Cancellation));

        process.CloseInput();
        Assert.Equal(0, await process.ExitAsync(Cancellation));
        Assert.Equal(["first", "port 80"], process.Output);
    }

    [Fact]
    public async Task LineAsync_ProcessEndsWithoutIt_FailsWithItsErrors()
    {
        await using var process = Shell("echo broken >&2; exit 3");

        Assert.Equal(3, await process.ExitAsync(Cancellation));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => process.LineAsync("port ", Deadline, Cancellation));

        Assert.Contains("broken", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TerminateAsync_ProcessHandlesIt_ReturnsItsExitCode()
    {
        await using var process = Shell("trap 'exit 7' TERM; echo ready; while :; do read _ || exit 1; done");
        await process.LineAsync("ready", Deadline, Cancellation);

        Assert.Equal(7, await process.TerminateAsync(Cancellation));
    }

    [Fact]
    public async Task DisposeAsync_ProcessIgnoresRequests_KillsIt()
    {
        var process = Shell("trap '' TERM; echo ready; read _");
        await process.LineAsync("ready", Deadline, Cancellation);
        using var watch = System.Diagnostics.Process.GetProcessById(process.Id);

        await process.DisposeAsync();

        Assert.True(watch.HasExited);
    }

    private static ChildProcess Shell(string script, Dictionary<string, string>? environment = null) =>
        ChildProcess.Start("/bin/sh", ["-c", script], environment);
}
