using MeshCanary.Architecture.Tests.Asserting;
using MeshCanary.Architecture.Tests.Sources;

namespace MeshCanary.Architecture.Tests.Texts;

public class TextRulesTests
{
    // BannedSymbols.txt spells out what it bans.
    private const string BanList = "BannedSymbols.txt";

    [Fact]
    public void Files_AllOfThem_NameNoPathOfOneMachine() =>
        Expect.None(Texts().SelectMany(file => TextRules.MachinePathViolations(file.Place, file.Text)));

    [Fact]
    public void Files_AllOfThem_WaitOnConditions() =>
        Expect.None(Texts().Where(file => file.Place != BanList).SelectMany(file => TextRules.WaitViolations(file.Place, file.Text)));

    [Fact]
    public void Files_Repository_AreRead() => Assert.Contains(Texts(), file => file.Place == BanList && file.Text.Contains("TimeProvider", StringComparison.Ordinal));

    // The inputs are put together here, since this file is checked as well.
    [Theory]
    [InlineData("work", "see /{0}/tree/a.txt", false)]
    [InlineData("root", "HOME=/{0}/.config", false)]
    [InlineData("work", "'/{0}/'", false)]
    [InlineData("work", "docs/{0}/a.md", true)]
    [InlineData("root", "https://example.com/{0}/a", true)]
    [InlineData("work", "/net{0}/a", true)]
    public void MachinePathViolations_Text_AreSeen(string folder, string format, bool fine) =>
        Assert.Equal(fine, !TextRules.MachinePathViolations("a.md", format.Replace("{0}", folder, StringComparison.Ordinal)).Any());

    [Theory]
    [InlineData("Task", "{0}.Delay(50, token)", false)]
    [InlineData("Task", "{0}.Delay( 1_000 )", false)]
    [InlineData("Thread", "{0}.Sleep(Timeout.Infinite)", false)]
    [InlineData("Task", "{0}.Delay(span, time, token)", true)]
    public void WaitViolations_Text_AreSeen(string type, string format, bool fine) =>
        Assert.Equal(fine, !TextRules.WaitViolations("a.cs", format.Replace("{0}", type, StringComparison.Ordinal)).Any());

    [Fact]
    public void WaitViolations_ThirdLine_IsNamedWithItsPlace() =>
        Assert.StartsWith(
            "a.cs:3: ", Assert.Single(TextRules.WaitViolations("a.cs", "\n\nThread" + ".Sleep(1);")), StringComparison.Ordinal);

    private static IEnumerable<(string Place, string Text)> Texts() =>
        from path in RepositoryTree.Files
        let text = File.ReadAllText(path)
        where !text.Contains('\0', StringComparison.Ordinal)
        select (Path.GetRelativePath(RepositoryTree.Root, path).Replace('\\', '/'), text);
}
