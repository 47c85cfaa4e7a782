using MeshCanary.Architecture.Tests.Asserting;
using MeshCanary.Architecture.Tests.Sources;

namespace MeshCanary.Architecture.Tests.References;

public class ReferenceRulesTests
{
    [Fact]
    public void Projects_AllOfThem_ReferenceOnlyWhatTheyMay() =>
        Expect.None(RepositoryTree.Projects.SelectMany(ReferenceRules.Violations));

    [Fact]
    public void Projects_AllOfThem_AreInTheSolution()
    {
        var solution = File.ReadAllText(Path.Combine(RepositoryTree.Root, "MeshCanary.sln"));

        Expect.None(RepositoryTree.Projects.SelectMany(project => ReferenceRules.SolutionViolations(project, solution)));
    }

    [Theory]
    [InlineData(@"Project(X) = ""A"", ""A\A.csproj"", ""{1}""", true)]
    [InlineData(@"Project(X) = ""A"", ""b/A\A.csproj"", ""{1}""", false)]
    [InlineData("", false)]
    public void SolutionViolations_Solution_IsSearched(string solution, bool fine) =>
        Assert.Equal(fine, !ReferenceRules.SolutionViolations(ProjectFile.Parse("A", ""), solution).Any());

    [Fact]
    public void Allowed_EveryLine_IsAProject() =>
        Expect.None(ReferenceRules.Allowed.Keys.Except(RepositoryTree.Projects.Select(project => project.Name)));

    [Theory]
    [InlineData("MeshCanary.Proxy", "MeshCanary.Analysis")]
    [InlineData("MeshCanary.Proxy", "MeshCanary.Rollouts")]
    [InlineData("MeshCanary.Proxy", "MeshCanary.Controller")]
    [InlineData("MeshCanary.Analysis", "MeshCanary.Rollouts")]
    [InlineData("MeshCanary.Rollouts", "MeshCanary.Contracts")]
    [InlineData("MeshCanary.Controller", "MeshCanary.Proxy")]
    [InlineData("MeshCanary.Controller", "MeshCanary.Cli")]
    public void Allowed_AnyPath_NeverLeadsThere(string from, string to) => Assert.False(ReferenceRules.Reaches(from, to));

    [Theory]
    [InlineData("MeshCanary.Analysis", "ProjectReference", "../X/MeshCanary.Splitting.csproj", "MeshCanary.Splitting")]
    [InlineData("MeshCanary.Analysis", "PackageReference", "Newtonsoft.Json", "Newtonsoft.Json")]
    [InlineData("MeshCanary.Rollouts", "FrameworkReference", "Microsoft.AspNetCore.App", "Microsoft.AspNetCore.App")]
    [InlineData("MeshCanary.Proxy", "ProjectReference", @"..\X\MeshCanary.Analysis.csproj", "MeshCanary.Analysis")]
    [InlineData("MeshCanary.Proxy", "PackageReference", "KubernetesClient", "KubernetesClient")]
    [InlineData("MeshCanary.Controller", "ProjectReference", "MeshCanary.Controller.Tests.csproj", "MeshCanary.Controller.Tests")]
    public void Violations_ForbiddenReference_IsNamed(string project, string item, string include, string named)
    {
        var file = ProjectFile.Parse(project, $"<{item} Include=\"{include}\" />");

        Assert.EndsWith($"{project} may not reference {named}.", Assert.Single(ReferenceRules.Violations(file)), StringComparison.Ordinal);
    }

    [Fact]
    public void Violations_PureProjectWithTheWebSdk_IsNamed() =>
        Assert.Single(ReferenceRules.Violations(ProjectFile.Parse("MeshCanary.Analysis", "", "Microsoft.NET.Sdk.Web")));

    [Fact]
    public void Violations_UnknownProject_IsNamed() =>
        Assert.Contains(
            "is in no line of", Assert.Single(ReferenceRules.Violations(ProjectFile.Parse("MeshCanary.New", ""))), StringComparison.Ordinal);
}
