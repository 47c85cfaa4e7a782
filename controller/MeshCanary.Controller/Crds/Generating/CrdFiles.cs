namespace MeshCanary.Controller.Crds.Generating;

/// <summary>The CustomResourceDefinitions as files for <c>kubectl apply</c> and the chart.</summary>
public static class CrdFiles
{
    private const string Head = "# Written by 'meshcanary crds': change the C# types and schemas, not this file.\n";

    /// <summary>Name and text of each file, in the order in which they are applied.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> All { get; } =
        [.. CrdDocument.All.Select(crd => KeyValuePair.Create($"{crd.Name}.yaml", Head + YamlText.Of(crd.ToJson())))];
}
