using System.Text.RegularExpressions;

namespace MeshCanary.Rollouts.Specs.Parsing;

/// <summary>Names as Kubernetes has them (RFC 1123).</summary>
internal static partial class DnsNames
{
    public static bool IsLabel(string name) => name.Length <= 63 && Label().IsMatch(name);

    public static bool IsSubdomain(string name) => name.Length <= 253 && Subdomain().IsMatch(name);

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Subdomain();
}
