using MeshCanary.Architecture.Tests.Asserting;
using MeshCanary.Architecture.Tests.Sources;

namespace MeshCanary.Architecture.Tests.Budgets;

public class BudgetRulesTests
{
    private interface IFits
    {
        int Property { get; set; }

        void One();

        void Two();

        void Three();
    }

    private interface ITooWide
    {
        void One();

        void Two();

        void Three();

        void Four();
    }

    [Fact]
    public void Sources_AllOfThem_AreShort() => Expect.None(RepositoryTree.Sources.SelectMany(BudgetRules.FileViolations));

    [Fact]
    public void Constructors_AllOfOurs_TakeFewParameters() => Expect.None(OwnTypes.All.SelectMany(BudgetRules.ConstructorViolations));

    [Fact]
    public void Interfaces_AllOfOurs_AreNarrow() => Expect.None(OwnTypes.All.SelectMany(BudgetRules.InterfaceViolations));

    [Fact]
    public void OwnTypes_Product_AreFoundWithoutGeneratedOnes()
    {
        Assert.Contains(OwnTypes.All, type => type.FullName == "MeshCanary.Splitting.Rules.IRequestFacts");
        Assert.DoesNotContain(OwnTypes.All, type => type.Namespace == "MeshCanary.Contracts.V1");
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void FileViolations_Lines_AreCounted(int lines, bool fine)
    {
        var text = string.Concat(Enumerable.Repeat("// line\n", lines));

        Assert.Equal(fine, !BudgetRules.FileViolations(new SourceFile(ProjectFile.Parse("MeshCanary.X", ""), "A.cs", text)).Any());
    }

    [Fact]
    public void ConstructorViolations_EightParameters_AreNamed()
    {
        Assert.Empty(BudgetRules.ConstructorViolations(typeof(Tuple<int, int, int, int, int, int, int>)));
        Assert.Single(BudgetRules.ConstructorViolations(typeof(Tuple<int, int, int, int, int, int, int, int>)));
    }

    [Fact]
    public void InterfaceViolations_FourMethods_AreNamed()
    {
        Assert.Empty(BudgetRules.InterfaceViolations(typeof(IFits)));
        Assert.Single(BudgetRules.InterfaceViolations(typeof(ITooWide)));
    }
}
