using System.Text.Json;
using k8s.Models;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Crds.Statuses;
using MeshCanary.Controller.Keeping;

namespace MeshCanary.Controller.Tests.Keeping;

public class RivalsTests
{
    private static readonly DateTime Noon = new(2025, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Canary_WhoseWorkloadAnOlderOneClaims_IsNotAdopted()
    {
        var (first, second) = (Canary("a", Noon, "web", "web"), Canary("b", Noon.AddSeconds(1), "web", "other"));
        Assert.Null(Rivals.Problem(first, [first, second], _ => false));
        var problem = Rivals.Problem(second, [first, second], _ => false);
        Assert.Equal("The Deployment web is under the Canary a already. Delete this Canary, or that one: then this one takes its place.", problem?.Message);
    }

    [Fact]
    public void Canary_WhoseServiceAYoungerOneHas_IsNotAdopted()
    {
        var (first, second) = (Canary("a", Noon, "one", "web"), Canary("b", Noon.AddSeconds(1), "two", "web"));
        Assert.Contains("Service web is under the Canary b", Rivals.Problem(first, [first, second], canary => canary == second)?.Message, StringComparison.Ordinal);
        var adopted = second with { Status = new CanaryStatus { Engine = "{}" } };
        Assert.Contains("Service web is under the Canary b", Rivals.Problem(first, [first, adopted], _ => false)?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CanariesMadeInOneSecond_DoNotWaitForEachOther()
    {
        var (first, second) = (Canary("a", Noon, "web", "web"), Canary("b", Noon, "web", "web"));
        Assert.Null(Rivals.Problem(first, [second, first], _ => false));
        Assert.NotNull(Rivals.Problem(second, [second, first], _ => false));
    }

    [Fact]
    public void CanaryOfAnotherNamespace_IsNoRival()
    {
        var (first, second) = (Canary("a", Noon, "web", "web"), Canary("b", Noon.AddSeconds(1), "web", "web"));
        first.Metadata.NamespaceProperty = "elsewhere";
        Assert.Null(Rivals.Problem(second, [first, second], _ => true));
    }

    private static CanaryObject Canary(string name, DateTime created, string workload, string service) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "shop", CreationTimestamp = created },
        Spec = JsonSerializer.SerializeToElement(new { workload = new { kind = "Deployment", name = workload }, service = new { name = service } }),
    };
}
