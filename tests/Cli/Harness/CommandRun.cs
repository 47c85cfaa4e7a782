using MeshCanary.Cli.Hosting;

namespace MeshCanary.Cli.Tests.Harness;

/// <summary>A command line run through the program's own entry point.</summary>
public sealed record CommandRun(int Code, string Out, string Error)
{
    public static Task<CommandRun> OfAsync(params string[] args) => OfAsync(args, _ => null, TestContext.Current.CancellationToken);

    public static async Task<CommandRun> OfAsync(string[] args, Func<string, string?> variable, CancellationToken stop)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal { Out = TextWriter.Synchronized(output), Error = TextWriter.Synchronized(error), Variable = variable, Width = 100 };
        var code = await CliApplication.RunAsync(args, terminal, stop);
        return new CommandRun(code, output.ToString(), error.ToString());
    }

    /// <summary>What everything that goes wrong has to look like: one message with a remedy, and nothing of the code's insides.</summary>
    public CommandRun ShouldFail(int code, params string[] says)
    {
        Assert.True(Code == code, $"Exit code {Code} instead of {code}.\n{this}");
        // Log entries begin with the year; what is left is for the person.
        var told = Error.Split('\n').Where(line => !line.StartsWith("20", StringComparison.Ordinal)).ToArray();
        Assert.StartsWith("error: ", told[0], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected", Error, StringComparison.Ordinal);
        foreach (var text in says)
            Assert.Contains(text, Error, StringComparison.Ordinal);
        return this;
    }
}
