using MeshCanary.Testing.Files;
using MeshCanary.Testing.Processes;

namespace MeshCanary.Functional.Tests.Demonstrations;

/// <summary>The demo as a stranger runs it, in a terminal that is none.</summary>
public sealed class DemoTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("errors")]
    [InlineData("latency")]
    public async Task Demo_OfABadVersion_RollsItBackSaysWhyAndLeavesNothing(string regression)
    {
        using var temporary = new TempFolder();
        await using var demo = ChildProcess.Start(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "meshcanary.dll"), "demo", "--bad", regression,
                "--sample-service", Path.Combine(AppContext.BaseDirectory, "MeshCanary.SampleService.dll"),
            ],
            new Dictionary<string, string> { ["TMPDIR"] = temporary.FullName });

        await demo.LineAsync("Result     as promised", TimeSpan.FromMinutes(3), Cancellation);
        Assert.True(await demo.ExitAsync(Cancellation) == 0, demo.Describe());
        Assert.Contains(demo.Output, line => line.StartsWith("Decided    v2 was rolled back", StringComparison.Ordinal));
        Assert.Contains(demo.Output, line => line.StartsWith("Lost       0 of ", StringComparison.Ordinal));
        Assert.DoesNotContain(demo.Output, line => line.Contains('\u001b', StringComparison.Ordinal));
        Assert.Empty(Directory.GetDirectories(temporary.FullName, "meshcanary-demo-*"));
    }
}
