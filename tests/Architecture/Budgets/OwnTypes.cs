using System.Reflection;
using System.Runtime.CompilerServices;
using MeshCanary.Architecture.Tests.References;
using MeshCanary.Architecture.Tests.Sources;

namespace MeshCanary.Architecture.Tests.Budgets;

/// <summary>The types of the product as built, without those that compilers and generators made.</summary>
internal static class OwnTypes
{
    /// <summary>Every type whose outermost type is declared in a source file of the repository.</summary>
    public static IReadOnlyList<Type> All { get; } = [.. Load()];

    private static IEnumerable<Type> Load()
    {
        var declared = RepositoryTree.Sources
            .SelectMany(file => file.Types.Select(type => $"{file.Namespace}.{type}"))
            .ToHashSet(StringComparer.Ordinal);
        return RepositoryTree.Projects
            .Where(project => ReferenceRules.Allowed.ContainsKey(project.Name) && !project.RelativePath.StartsWith("benchmarks/", StringComparison.Ordinal))
            .SelectMany(project => Built(project).GetTypes())
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && !type.Name.Contains('<', StringComparison.Ordinal))
            .Where(type => declared.Contains(Outermost(type).FullName!.Split('`')[0]));
    }

    private static Assembly Built(ProjectFile project)
    {
        var path = Path.Combine(AppContext.BaseDirectory, project.AssemblyName + ".dll");
        return File.Exists(path)
            ? Assembly.LoadFrom(path)
            : throw new InvalidOperationException($"{path} is missing: reference {project.Name} from the architecture tests.");
    }

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
