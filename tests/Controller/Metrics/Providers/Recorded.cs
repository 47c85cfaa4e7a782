using System.Runtime.CompilerServices;

namespace MeshCanary.Controller.Tests.Metrics.Providers;

/// <summary>The recorded answers; where each is documented says the README beside them.</summary>
internal static class Recorded
{
    public static string Read(string name) => File.ReadAllText(Path.Combine(Folder(), "Recorded", name));

    public static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
