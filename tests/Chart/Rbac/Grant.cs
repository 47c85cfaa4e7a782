namespace MeshCanary.Chart.Tests.Rbac;

/// <summary>One verb on one resource, for some names or any.</summary>
/// <param name="Where">Which of the chart's roles grants it.</param>
/// <param name="Group">API group; empty for the core.</param>
/// <param name="Resource">Resource, with its subresource.</param>
/// <param name="Name">The only object that is meant; empty for any.</param>
/// <param name="Verb">Verb.</param>
internal sealed record Grant(string Where, string Group, string Resource, string Name, string Verb)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Where}: {Verb} {(Group.Length == 0 ? "core" : Group)}/{Resource} {Name}".TrimEnd();
}
