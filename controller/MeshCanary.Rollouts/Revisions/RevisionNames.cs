using MeshCanary.Rollouts.Specs.Parsing;

namespace MeshCanary.Rollouts.Revisions;

/// <summary>What a revision may be called.</summary>
internal static class RevisionNames
{
    private const int Longest = 63;

    /// <summary>What is wrong with a name, in plain words; null when nothing is.</summary>
    public static string? Fault(string name) => name.Length <= Longest && DnsNames.IsSubdomain(name)
        ? null
        : $"The revision name '{name}' has to be lower-case letters, digits, '-' and '.', begin and end with a letter or digit, and have at most {Longest} characters.";
}
