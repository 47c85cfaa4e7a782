using MeshCanary.Testing.Processes;

namespace MeshCanary.Chart.Tests.Harness;

/// <summary>One call of helm, and what came of it.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record HelmRun(int Code, string Out, string Error)
{
    /// <summary>Calls it.</summary>
    public static async Task<HelmRun> OfAsync(params string[] args)
    {
        await using var process = ChildProcess.Start(HelmProgram.Path, args);
        process.CloseInput();
        var code = await process.ExitAsync(TestContext.Current.CancellationToken);
        return new HelmRun(code, string.Join('\n', process.Output), string.Join('\n', process.Errors));
    }

    /// <summary>Renders the chart as release <c>mc</c> in namespace <c>mesh</c>.</summary>
    public static Task<HelmRun> TemplateAsync(params string[] args) => OfAsync(["template", "mc", Repository.Chart, "--namespace", "mesh", .. args]);
}
