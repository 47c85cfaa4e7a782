using MeshCanary.Architecture.Tests.Asserting;
using MeshCanary.Architecture.Tests.Sources;

namespace MeshCanary.Architecture.Tests.Docs;

public class DocRulesTests
{
    private static readonly Dictionary<string, IReadOnlySet<string>> Commands = new()
    {
        ["serve"] = new HashSet<string> { "-f", "--file", "--state" },
        ["get"] = new HashSet<string>(),
    };

    [Fact]
    public void Manifests_AllThatAreShown_AreAccepted() => Expect.None(MarkdownFile.All.SelectMany(DocRules.ManifestViolations));

    [Fact]
    public void Links_AllOfThem_LeadSomewhere() =>
        Expect.None(MarkdownFile.All.SelectMany(page => DocRules.LinkViolations(page, Find)));

    [Fact]
    public async Task Commands_AllThatAreMentioned_Exist()
    {
        var commands = await CommandTree.LoadAsync(TestContext.Current.CancellationToken);
        Expect.None(MarkdownFile.All.SelectMany(page => DocRules.CommandViolations(page, commands)));
    }

    [Fact]
    public void Metrics_DocsAndCode_NameTheSame() => Expect.None(DocRules.MetricViolations(
        MarkdownFile.All.Single(page => page.Place == "docs/operations.md"),
        RepositoryTree.Sources.Where(source => !source.Project.RelativePath.StartsWith("tests/", StringComparison.Ordinal))));

    [Fact]
    public async Task Settings_DocsAndProxy_NameTheSame()
    {
        var commands = await CommandTree.LoadAsync(TestContext.Current.CancellationToken);
        Expect.None(DocRules.SettingViolations(MarkdownFile.All.Single(page => page.Place == "docs/proxy.md"), commands["proxy"]));
    }

    [Theory]
    [InlineData("| `--state` | x |\n| `--file` | x |", true)]
    [InlineData("| `--state` | x |", false)]
    [InlineData("| `--state` | x |\n| `--file` | x |\n| `--fly` | x |", false)]
    public void SettingViolations_Table_IsComparedWithTheCommand(string text, bool fine) =>
        Assert.Equal(fine, !DocRules.SettingViolations(new MarkdownFile("a.md", text), Commands["serve"]).Any());

    // What the rules above look at is really found.
    [Fact]
    public async Task Docs_Repository_AreRead()
    {
        Assert.True(MarkdownFile.All.SelectMany(page => page.Fenced("yaml")).Count(block => block.Contains("kind: Canary", StringComparison.Ordinal)) >= 3);
        Assert.Contains("canary.md", MarkdownFile.All.Single(page => page.Place == "docs/README.md").Links);
        var commands = await CommandTree.LoadAsync(TestContext.Current.CancellationToken);
        Assert.Superset(new HashSet<string> { "-f", "--file", "--no-proxy", "--state", "-s", "--server" }, commands["serve"].ToHashSet());
        Assert.Superset(new HashSet<string> { "proxy", "rollout", "status", "approve", "replay", "demo" }, commands.Keys.ToHashSet());
    }

    [Theory]
    [InlineData("weight: 5", true)]
    [InlineData("wieght: 5", false)]
    [InlineData("weight: 500", false)]
    public void ManifestViolations_Step_IsRead(string step, bool fine)
    {
        var manifest = $$"""
            apiVersion: meshcanary.io/v1alpha1
            kind: Canary
            metadata: { name: a }
            spec:
              workload: { kind: Static, name: a, stable: { addresses: [http://127.0.0.1:1] } }
              service: { name: a }
              strategy: { steps: [{ {{step}} }] }
            """;
        Assert.Equal(fine, !DocRules.ManifestViolations(new MarkdownFile("a.md", $"text\n```yaml\n{manifest}\n```\n")).Any());
        Assert.Empty(DocRules.ManifestViolations(new MarkdownFile("a.md", $"```ini\n{manifest}\n```\n")));
    }

    [Theory]
    [InlineData("[b](b.md)", true)]
    [InlineData("[b](b.md#two-words-and-more)", true)]
    [InlineData("[here](#here)\n# Here", true)]
    [InlineData("[up](../README.md)", true)]
    [InlineData("[far](https://example.org/none.md#x)", true)]
    [InlineData("`[code](none.md)`", true)]
    [InlineData("[none](none.md)", false)]
    [InlineData("![picture](none.png)", false)]
    [InlineData("[b](b.md#none)", false)]
    [InlineData("[here](#none)\n# Here", false)]
    public void LinkViolations_Link_IsFollowed(string text, bool fine)
    {
        MarkdownFile[] pages = [new("docs/a.md", text), new("docs/b.md", "## Two words, `and` more"), new("README.md", "")];
        Assert.Equal(fine, !DocRules.LinkViolations(pages[0], path => pages.FirstOrDefault(page => page.Place == path)).Any());
    }

    [Theory]
    [InlineData("`meshcanary serve -f a.yaml --state b`", true)]
    [InlineData("    $ meshcanary get | grep --count a", true)]
    [InlineData("`meshcanary ACTION NAME --any`", true)]
    [InlineData("Without code meshcanary does --things", true)]
    [InlineData("`--state`", true)]
    [InlineData("`meshcanary fly`", false)]
    [InlineData("    $ /opt/meshcanary serve --fly", false)]
    [InlineData("```ini\nExecStart=/opt/meshcanary get -f\n```\n", false)]
    [InlineData("`meshcanary get --state b`", false)]
    [InlineData("`--fly URL`", false)]
    public void CommandViolations_Text_AreSeen(string text, bool fine) =>
        Assert.Equal(fine, !DocRules.CommandViolations(new MarkdownFile("a.md", text), Commands).Any());

    [Theory]
    [InlineData("| `meshcanary_a_total` | counter |", true)]
    [InlineData("| `meshcanary_a_total` | counter |\n`meshcanary_b`", false)]
    [InlineData("Only mentioned: `meshcanary_a_total`", false)]
    [InlineData("", false)]
    public void MetricViolations_Page_IsComparedWithTheCode(string text, bool fine)
    {
        var source = new SourceFile(ProjectFile.Parse("MeshCanary.X", ""), "A.cs", "metrics.CreateCounter(\"meshcanary_a_total\", \"Help.\")");
        Assert.Equal(fine, !DocRules.MetricViolations(new MarkdownFile("a.md", text), [source]).Any());
    }

    private static MarkdownFile? Find(string path)
    {
        var full = Path.Combine(RepositoryTree.Root, path);
        return MarkdownFile.All.FirstOrDefault(page => page.Place == path) ?? (Path.Exists(full) ? new MarkdownFile(path, "") : null);
    }
}
