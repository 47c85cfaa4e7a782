using System.Text.RegularExpressions;
using MeshCanary.Chart.Tests.Harness;

namespace MeshCanary.Chart.Tests.Rbac;

/// <summary>docs/kubernetes-rbac.md says why the chart grants what it grants: no rule without a reason, no reason without a rule.</summary>
public sealed partial class RbacTableTests
{
    // The role of the chart that each of the page's headings is about, as it is named in release mc of namespace mesh.
    private static readonly Dictionary<string, string> Roles = new(StringComparer.Ordinal)
    {
        ["In the namespaces of Canaries"] = "mesh-mc-meshcanary-canaries",
        ["In its own namespace"] = "mc-meshcanary",
        ["Without a namespace"] = "mesh-mc-meshcanary",
        ["Before an uninstall: Canaries"] = "mesh-mc-meshcanary-release",
        ["Before an uninstall: the lead"] = "mc-meshcanary-release",
        ["For users: view"] = "mesh-mc-meshcanary-view",
        ["For users: edit"] = "mesh-mc-meshcanary-edit",
    };

    [Fact]
    public async Task Table_AndChart_GrantTheSame()
    {
        // With all that can be asked for; the page says which rows that is.
        var rendered = await ValueSets.RenderAsync(ValueSets.Everything);
        var granted = rendered.All.Where(manifest => manifest.Kind is "Role" or "ClusterRole").SelectMany(GrantsOf).ToHashSet();
        var listed = Listed(Repository.Read("docs", "kubernetes-rbac.md")).ToHashSet();
        Assert.NotEmpty(listed);
        Assert.Empty(granted.Except(listed).Select(grant => $"granted, and not in the table: {grant}"));
        Assert.Empty(listed.Except(granted).Select(grant => $"in the table, and not granted: {grant}"));
    }

    [Fact]
    public void Table_EveryRow_HasAReason() =>
        Assert.All(Row().Matches(Repository.Read("docs", "kubernetes-rbac.md")), row => Assert.True(row.Groups["why"].Value.Trim().Length > 10, row.Value));

    private static IEnumerable<Grant> GrantsOf(Manifest role) =>
        from rule in role.At("rules")!.AsArray()
        from groupName in rule!["apiGroups"]!.AsArray()
        from resource in rule["resources"]!.AsArray()
        from name in rule["resourceNames"]?.AsArray().Select(name => (string)name!) ?? [""]
        from verb in rule["verbs"]!.AsArray()
        select new Grant(role.Name, (string)groupName!, (string)resource!, name, (string)verb!);

    private static IEnumerable<Grant> Listed(string page)
    {
        foreach (var section in Section().Matches(page).Where(section => Roles.ContainsKey(section.Groups["title"].Value)))
        {
            var role = Roles[section.Groups["title"].Value];
            foreach (Match row in Row().Matches(section.Groups["text"].Value))
            {
                var group = row.Groups["group"].Value.Trim();
                foreach (var verb in row.Groups["verbs"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                    yield return new Grant(role, group == "core" ? "" : group, row.Groups["resource"].Value, row.Groups["name"].Value, verb);
            }
        }
    }

    [GeneratedRegex(@"^## (?<title>[^\n]+)\n(?<text>[\s\S]*?)(?=^## |\z)", RegexOptions.Multiline)]
    private static partial Regex Section();

    // | group | `resource` or `resource` of `name` | verbs | why |
    [GeneratedRegex(@"^\| (?<group>[a-z.0-9]+) \| `(?<resource>[a-z/]+)`(?: of `(?<name>[a-z-]+)`)? \| (?<verbs>[a-z, ]+) \| (?<why>.+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
