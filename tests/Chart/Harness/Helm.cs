using MeshCanary.Testing.Charts;

namespace MeshCanary.Chart.Tests.Harness;

/// <summary>Calls helm on the chart.</summary>
internal static class Helm
{
    /// <summary>Calls it.</summary>
    public static Task<ToolRun> RunAsync(params string[] args) => ToolRun.OfAsync(HelmProgram.Path, args, TestContext.Current.CancellationToken);

    /// <summary>Renders the chart as release <c>mc</c> in namespace <c>mesh</c>.</summary>
    public static Task<ToolRun> TemplateAsync(params string[] args) => RunAsync(["template", "mc", Repository.Chart, "--namespace", "mesh", .. args]);
}
