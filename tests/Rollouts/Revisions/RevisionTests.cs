using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Rollouts.Tests.Revisions;

public sealed class RevisionTests
{
    [Fact]
    public void Named_SameAddressesInAnotherOrderAndForm_IsTheSameRevision()
    {
        var one = Revision.Named("http://b:2/", "http://A:80", "http://b:2");
        var other = Revision.Named("http://a", "http://b:2");
        Assert.Equal(one, other);
        Assert.Equal(["http://a", "http://b:2"], one.Addresses);
        Assert.Equal("rev-66a2daf6c6", one.Name);
    }

    [Fact]
    public void Create_SeveralFaults_ListsAll()
    {
        Assert.Null(Revision.Create("Bad Name", ["host:1", "http://u:p@host"], out var errors));
        Assert.Equal(3, errors.Length);
        Assert.DoesNotContain(errors, error => error.Contains("u:p", StringComparison.Ordinal));
    }

    [Fact]
    public void Create_NoAddress_SaysSo()
    {
        Assert.Null(Revision.Create("v2", [], out var errors));
        Assert.Contains("at least one address", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_Ipv6_KeepsBrackets() => Assert.Equal("http://[::1]:8080", Revision.Create("v2", ["http://[::1]:8080"], out _)?.Addresses[0]);
}
