namespace MeshCanary.TestCluster.Images;

/// <summary>The images that every test cluster has.</summary>
public static class StandardImages
{
    /// <summary>The port of the sample service in its image.</summary>
    public const int SamplePort = 8080;

    private static readonly Dictionary<string, string> Dotnet = new()
    {
        // Many of these start beside each other on two cores: quick to start is worth more than quick when hot.
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_NOLOGO"] = "1",
    };

    /// <summary>
    /// Adds <c>sample-service</c> (any tag is a version; <c>args</c> add options of the sample service),
    /// <c>meshcanary</c>, also by the two names of the chart (any tag is the program built beside the tests; <c>args</c> are its command line), and
    /// <c>shell</c> (<c>args</c> are a command of the machine).
    /// </summary>
    /// <param name="images">Where to add them.</param>
    /// <param name="programs">The folder of <c>meshcanary.dll</c> and <c>MeshCanary.SampleService.dll</c>.</param>
    public static void AddTo(ImageRegistry images, string programs)
    {
        ArgumentNullException.ThrowIfNull(images);
        images.Add("sample-service", tag => Program(programs, "MeshCanary.SampleService.dll") with
        {
            Entrypoint = [DotnetHost(), "exec", Path.Combine(programs, "MeshCanary.SampleService.dll"),
                "--version", tag, "--listen", $"0.0.0.0:{SamplePort}"],
        });
        foreach (var name in (string[])["meshcanary", "meshcanary/controller", "meshcanary/proxy"])
            images.Add(name, _ => Program(programs, "meshcanary.dll"));
        images.Add("shell", _ => new Image { Entrypoint = [], Arguments = ["/bin/sh", "-c", "exec sleep infinity"] });
    }

    private static Image Program(string programs, string name) => new()
    {
        Entrypoint = [DotnetHost(), "exec", Path.Combine(programs, name)],
        Environment = Dotnet,
        Folders = [programs, Path.GetDirectoryName(DotnetHost())!],
    };

    // Tests may run in an executable of their own; the host is then found by the folder of the runtime:
    // dotnet/shared/Microsoft.NETCore.App/10.0.0/.
    private static string DotnetHost() =>
        Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
}
