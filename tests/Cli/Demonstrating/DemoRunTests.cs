using System.Diagnostics;
using System.Text.RegularExpressions;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Tests.Harness;
using MeshCanary.Testing.Files;
using MeshCanary.Testing.Processes;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cli.Tests.Demonstrating;

public sealed class DemoRunTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "MeshCanary.SampleService.dll");
    private static readonly string[] Args = ["demo", "--plain", "--rate", "50", "--sample-service", Sample];

    [Fact]
    public async Task Demo_Interrupted_EndsWithOneHundredAndThirtyAndLeavesNothingBehind()
    {
        var stop = TestContext.Current.CancellationToken;
        var demo = await RunningServer.StartAsync(Args, "users:");
        var processes = Processes(demo.Out);
        Assert.All(processes, id => Assert.True(IsRunning(id)));
        Assert.Equal(ExitCode.Interrupted, await demo.StopAsync());
        await Eventually.TrueAsync(() => !processes.Any(IsRunning), Deadline, "the end of both versions", cancellation: stop);
    }

    [Fact]
    public async Task Demo_Killed_TakesItsProcessesWithIt()
    {
        var stop = TestContext.Current.CancellationToken;
        var program = Path.Combine(AppContext.BaseDirectory, "meshcanary.dll");
        // Its state cannot be taken down by a process that is killed; the test does it.
        using var folder = new TempFolder();
        await using var demo = ChildProcess.Start("dotnet", ["exec", program, .. Args], new Dictionary<string, string> { ["TMPDIR"] = folder.FullName });
        await Eventually.TrueAsync(() => Processes(string.Join('\n', demo.Output)).Count == 2, Deadline, "two versions", demo.Describe, stop);
        var processes = Processes(string.Join('\n', demo.Output));
        using (var itself = Process.GetProcessById(demo.Id))
            itself.Kill(entireProcessTree: false);
        await Eventually.TrueAsync(() => !processes.Any(IsRunning), Deadline, "the end of both versions", cancellation: stop);
    }

    [Fact]
    public async Task Demo_Terminated_EndsWithOneHundredAndFortyThreeAndKeepsToItsColumns()
    {
        var stop = TestContext.Current.CancellationToken;
        var program = Path.Combine(AppContext.BaseDirectory, "meshcanary.dll");
        await using var demo = ChildProcess.Start("dotnet", ["exec", program, .. Args], new Dictionary<string, string> { ["COLUMNS"] = "60" });
        await Eventually.TrueAsync(() => demo.Output.Any(line => line.Contains("users:", StringComparison.Ordinal)), Deadline, "the first figures", demo.Describe, stop);
        Assert.All(demo.Output.TakeWhile(line => line.Length > 0), line => Assert.InRange(line.Length, 1, 60));
        var processes = Processes(string.Join('\n', demo.Output));
        Assert.Equal(ExitCode.Terminated, await demo.TerminateAsync(stop));
        await Eventually.TrueAsync(() => !processes.Any(IsRunning), Deadline, "the end of both versions", cancellation: stop);
    }

    private static List<int> Processes(string output) =>
        [.. Regex.Matches(output, @"\(pid (\d+)\)").Select(match => int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture))];

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
