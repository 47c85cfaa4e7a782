using System.Reflection;
using MeshCanary.Architecture.Tests.Sources;

namespace MeshCanary.Architecture.Tests.Budgets;

/// <summary>How much one file, constructor or interface may hold.</summary>
internal static class BudgetRules
{
    public const int FileLines = 300;
    public const int ConstructorParameters = 7;
    public const int InterfaceMethods = 3;

    private const BindingFlags Own =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> FileViolations(SourceFile file) =>
        file.Lines > FileLines ? [$"{file.Place}: {file.Lines} lines; split it below {FileLines}."] : [];

    public static IEnumerable<string> ConstructorViolations(Type type) =>
        type.GetConstructors(Own)
            .Where(constructor => constructor.GetParameters().Length > ConstructorParameters)
            .Select(constructor =>
                $"{type.FullName}: a constructor with {constructor.GetParameters().Length} parameters; {ConstructorParameters} is the limit.");

    public static IEnumerable<string> InterfaceViolations(Type type)
    {
        var methods = type.IsInterface ? type.GetMethods(Own).Count(method => !method.IsSpecialName && !method.IsPrivate) : 0;
        return methods > InterfaceMethods ? [$"{type.FullName}: an interface with {methods} methods; {InterfaceMethods} is the limit."] : [];
    }
}
