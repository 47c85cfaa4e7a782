using MeshCanary.Cli.Demonstrating;
using MeshCanary.Cli.Hosting;

namespace MeshCanary.Cli.Tests.Demonstrating;

public sealed class SampleProcessTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "MeshCanary.SampleService.dll");

    [Fact]
    public async Task Sample_Started_AnswersAsItsVersionAndEndsWithItsOwner()
    {
        var stop = TestContext.Current.CancellationToken;
        using var http = new HttpClient();
        var sample = await SampleProcess.StartAsync(Program, "v7", [], TimeProvider.System, stop);
        var id = sample.Id;
        await using (sample)
        {
            using var answer = await http.GetAsync(new Uri(sample.Address, "healthz"), stop);
            Assert.Equal("v7", answer.Headers.GetValues("x-version").Single());
            Assert.False(sample.HasExited);
        }

        Assert.Throws<ArgumentException>(() => System.Diagnostics.Process.GetProcessById(id));
    }

    [Fact]
    public async Task Sample_ThatRefusesItsArguments_IsToldInItsOwnWords()
    {
        var failure = await Assert.ThrowsAsync<CommandFailure>(() => SampleProcess.StartAsync(Program, "v1", ["--error-rate", "lots"], TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Contains("'lots' is not a number", failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty(failure.Remedy);
    }

    [Fact]
    public async Task Sample_ThatCannotBeStarted_IsNamed()
    {
        var failure = await Assert.ThrowsAsync<CommandFailure>(() => SampleProcess.StartAsync("/nowhere/sample", "v1", [], TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Contains("/nowhere/sample", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_WithoutASample_SaysHowToGetOne()
    {
        var run = await Harness.CommandRun.OfAsync("demo", "--sample-service", "/nowhere/sample.dll");
        run.ShouldFail(ExitCode.Error, "/nowhere/sample.dll", "remedy: run ./demo.sh");
    }
}
