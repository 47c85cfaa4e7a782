namespace MeshCanary.Cli.Client;

/// <summary>Names a Canary: <c>name</c> in namespace <c>default</c>, or <c>namespace/name</c>.</summary>
internal sealed record CanaryName(string Namespace, string Name)
{
    /// <summary>Reads a name; null when it is not one.</summary>
    public static CanaryName? TryParse(string text) => text.Split('/') switch
    {
        [{ Length: > 0 } name] => new CanaryName("default", name),
        [{ Length: > 0 } space, { Length: > 0 } name] => new CanaryName(space, name),
        _ => null,
    };

    /// <summary>As a person writes it.</summary>
    public override string ToString() => Namespace == "default" ? Name : $"{Namespace}/{Name}";
}
