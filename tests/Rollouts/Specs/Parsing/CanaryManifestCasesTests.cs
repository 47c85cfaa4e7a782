using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using MeshCanary.Rollouts.Specs.Parsing;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Rollouts.Tests.Specs.Parsing;

/// <summary>
/// One folder per case under Specs/cases: canary.yaml, and either expected.json (what was read) or expected.txt (every
/// error, one per line). Set UPDATE_CASES=1 to write what is read now, then look at the difference.
/// </summary>
public sealed class CanaryManifestCasesTests
{
    private static readonly JsonSerializerOptions Options = new(RolloutStatusJson.Options)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static TheoryData<string> Cases() => [.. Directory.GetDirectories(Folder()).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Read_Case_GivesWhatIsExpected(string name)
    {
        var folder = Path.Combine(Folder(), name);
        var result = CanaryManifestReader.Read(File.ReadAllText(Path.Combine(folder, "canary.yaml")), "canary.yaml");
        var (file, actual) = result.IsValid
            ? ("expected.json", JsonSerializer.Serialize(result.Manifests, Options))
            : ("expected.txt", string.Join('\n', result.Errors));
        var path = Path.Combine(folder, file);
        if (Environment.GetEnvironmentVariable("UPDATE_CASES") == "1")
            File.WriteAllText(path, actual + "\n");
        Assert.True(File.Exists(path), $"{path} does not exist; read was:\n{actual}");
        Assert.Single(Directory.GetFiles(folder, "expected.*"));
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n").TrimEnd(), actual.ReplaceLineEndings("\n").TrimEnd());
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "cases");
}
