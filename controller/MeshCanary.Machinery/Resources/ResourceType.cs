using System.Reflection;
using k8s.Models;

namespace MeshCanary.Machinery.Resources;

/// <summary>A type of object as an API server names it.</summary>
/// <param name="Group">The group, empty for the core group.</param>
/// <param name="Version">The version, such as <c>v1</c>.</param>
/// <param name="Plural">The name in paths, such as <c>deployments</c>.</param>
/// <param name="Kind">The kind, such as <c>Deployment</c>.</param>
/// <param name="IsNamespaced">Whether objects live in namespaces.</param>
public sealed record ResourceType(string Group, string Version, string Plural, string Kind, bool IsNamespaced = true)
{
    /// <summary><c>group/version</c>, or the version alone in the core group.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The type that a C# class declares by its <see cref="KubernetesEntityAttribute"/>.</summary>
    /// <param name="isNamespaced">Whether objects live in namespaces, which the attribute does not say.</param>
    /// <exception cref="ArgumentException">The class has no such attribute.</exception>
    public static ResourceType Of<T>(bool isNamespaced = true)
    {
        var entity = typeof(T).GetCustomAttribute<KubernetesEntityAttribute>()
            ?? throw new ArgumentException($"{typeof(T).Name} has no [KubernetesEntity]; add it, or name the resource type explicitly.");
        return new ResourceType(entity.Group ?? "", entity.ApiVersion, entity.PluralName, entity.Kind, isNamespaced);
    }

    /// <summary>The path of a collection or an object, without a leading slash.</summary>
    /// <param name="space">The namespace; empty or null for all of them, or for types without.</param>
    /// <param name="name">The object, or null for the collection.</param>
    /// <param name="subresource">Such as <c>status</c>, or null.</param>
    public string Path(string? space = null, string? name = null, string? subresource = null)
    {
        var path = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        if (IsNamespaced && !string.IsNullOrEmpty(space))
            path += $"/namespaces/{Uri.EscapeDataString(space)}";
        path += $"/{Plural}";
        if (name is not null)
            path += $"/{Uri.EscapeDataString(name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }

    /// <summary><c>plural.version.group</c>.</summary>
    public override string ToString() => Group.Length == 0 ? $"{Plural}.{Version}" : $"{Plural}.{Version}.{Group}";
}
