using System.Runtime.CompilerServices;
using MeshCanary.Controller.Crds.Generating;

namespace MeshCanary.Controller.Tests.Crds;

public sealed class CrdFilesTests
{
    // Set UPDATE_CRDS=1 to write what is generated now, then look at the difference.
    [Fact]
    public void Chart_Crds_AreWhatIsGenerated()
    {
        var folder = ChartFolder();
        if (Environment.GetEnvironmentVariable("UPDATE_CRDS") == "1")
        {
            foreach (var (name, text) in CrdFiles.All)
                File.WriteAllText(Path.Combine(folder, name), text);
        }

        Assert.Equal(CrdFiles.All.Select(file => file.Key).Order(StringComparer.Ordinal), Directory.GetFiles(folder).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal));
        Assert.All(CrdFiles.All, file => Assert.Equal(file.Value, File.ReadAllText(Path.Combine(folder, file.Key))));
    }

    private static string ChartFolder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "charts", "meshcanary", "files", "crds");
}
