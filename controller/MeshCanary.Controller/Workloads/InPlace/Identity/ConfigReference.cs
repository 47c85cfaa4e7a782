namespace MeshCanary.Controller.Workloads.InPlace.Identity;

/// <summary>A ConfigMap or Secret that a template uses.</summary>
/// <param name="Kind"><c>ConfigMap</c> or <c>Secret</c>.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct ConfigReference(string Kind, string Name) : IComparable<ConfigReference>
{
    public const string ConfigMap = "ConfigMap";
    public const string Secret = "Secret";

    /// <inheritdoc/>
    public int CompareTo(ConfigReference other) => string.CompareOrdinal($"{Kind}/{Name}", $"{other.Kind}/{other.Name}");

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Name}";
}
