using MeshCanary.Architecture.Tests.Asserting;
using MeshCanary.Architecture.Tests.Budgets;
using MeshCanary.Architecture.Tests.Sources;

namespace MeshCanary.Architecture.Tests.Naming;

public class NamingRulesTests
{
    private static readonly ProjectFile Project = ProjectFile.Parse("MeshCanary.X", "");

    [Fact]
    public void Sources_AllOfThem_HaveTheNamespaceOfTheirFolder() =>
        Expect.None(RepositoryTree.Sources.SelectMany(NamingRules.NamespaceViolations));

    [Fact]
    public void Sources_AllOfThem_HoldOneTypeOfTheirName() =>
        Expect.None(RepositoryTree.Sources.SelectMany(NamingRules.FileViolations));

    [Fact]
    public void Types_AllOfOurs_HaveNamesThatSayWhatTheyDo() =>
        Expect.None(RepositoryTree.Sources.SelectMany(file => file.Types)
            .Concat(OwnTypes.All.Select(type => type.Name))
            .Distinct()
            .SelectMany(NamingRules.EndingViolations));

    [Fact]
    public void Sources_Repository_AreFound() => Assert.Contains(RepositoryTree.Sources, file => file.Types.Contains("SplitPlan"));

    [Theory]
    [InlineData("A/B.cs", "namespace MeshCanary.X.A;\npublic class B { }", true)]
    [InlineData("A/C/B.cs", "namespace MeshCanary.X.A.C;\npublic class B { }", true)]
    [InlineData("B.cs", "namespace MeshCanary.X;\npublic class B { }", true)]
    [InlineData("Program.cs", "await Run(args);", true)]
    [InlineData("Assembly.cs", "[assembly: CLSCompliant(false)]", true)]
    [InlineData("A/B.cs", "namespace MeshCanary.X;\npublic class B { }", false)]
    [InlineData("A/B.cs", "namespace MeshCanary.Y.A;\npublic class B { }", false)]
    [InlineData("A/B.cs", "public class B { }", false)]
    [InlineData("Program.cs", "await Run(args);\nfile sealed class Extra { }", false)]
    public void NamespaceViolations_File_AreSeen(string path, string text, bool fine) =>
        Assert.Equal(fine, !NamingRules.NamespaceViolations(new SourceFile(Project, path, text)).Any());

    [Theory]
    [InlineData("B.cs", "public class B { }", true)]
    [InlineData("B.cs", "/// <summary>x</summary>\n[Some(1)] internal sealed partial class B<T>(int a) : C { }", true)]
    [InlineData("B.Log.cs", "internal static partial class B { }", true)]
    [InlineData("B{T}.cs", "public readonly record struct B<T>(T Value);", true)]
    [InlineData("B.cs", "public class B { }\n\npublic class B<T> { }", true)]
    [InlineData("B.cs", "public class B\n{\n    private sealed class Inner { }\n}", true)]
    [InlineData("B.cs", "public class B\n{\n}\n\ninternal enum C { D }", false)]
    [InlineData("B.cs", "public class B { }\nfile static class C { }", false)]
    [InlineData("B.cs", "public interface IB { }", false)]
    [InlineData("B.cs", "public delegate ValueTask<int> C(int a);", false)]
    [InlineData("B.cs", "public readonly ref struct C { }", false)]
    [InlineData("B.cs", "public sealed record C(int A);", false)]
    public void FileViolations_File_AreSeen(string path, string text, bool fine) =>
        Assert.Equal(fine, !NamingRules.FileViolations(new SourceFile(Project, path, text)).Any());

    [Theory]
    [InlineData("RolloutManager", false)]
    [InlineData("StringUtils", false)]
    [InlineData("Helper`1", false)]
    [InlineData("CanaryService", false)]
    [InlineData("RequestContext", false)]
    [InlineData("ServiceSpec", true)]
    [InlineData("SplitPlan", true)]
    public void EndingViolations_Name_IsSeen(string name, bool fine) => Assert.Equal(fine, !NamingRules.EndingViolations(name).Any());
}
