using System.Reflection;

namespace MeshCanary.Analysis.Tests.Reference;

public sealed class ReferenceCoverageTests
{
    [Fact]
    public void EveryReferenceCase_IsHeldByATest()
    {
        var covered = typeof(ReferenceCoverageTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes<CoversAttribute>())
            .Select(covers => covers.Id)
            .ToHashSet(StringComparer.Ordinal);
        Assert.Empty(ReferenceCases.Ids.Except(covered));
        Assert.Empty(covered.Except(ReferenceCases.Ids));
    }
}
