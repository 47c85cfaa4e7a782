using System.Text.Json.Nodes;
using MeshCanary.Controller.Traffic.Meshes;
using MeshCanary.Controller.Traffic.Meshes.Pinning;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Traffic.Meshes;

/// <summary>Which Service of a revision requests go to, and how long it is kept.</summary>
public sealed class ArmHostTests
{
    [Fact]
    public void Pick_OfTwo_TakesTheOneThatServesAndStays()
    {
        Assert.Equal("b", Picked(PinPlannerTests.Arm("a", 0), PinPlannerTests.Arm("b", 1)));
        Assert.Equal("b", Picked(PinPlannerTests.Arm("a", 3, going: true), PinPlannerTests.Arm("b", 1)));
        Assert.Equal("a", Picked(PinPlannerTests.Arm("a", 3), PinPlannerTests.Arm("b", 1)));
        // Rather one that goes than none at all: it is kept until another is there.
        Assert.Equal("a", Picked(PinPlannerTests.Arm("a", 3, going: true), PinPlannerTests.Arm("b", 0)));
        Assert.Null(Picked(PinPlannerTests.Arm("a", 3, revision: "other")));
        Assert.Null(Picked(PinPlannerTests.Arm("a", 3, going: true, kept: false)));
    }

    [Theory]
    [InlineData("checkout-mc-0a1b2c3d4e", "checkout", true)]
    [InlineData("checkout-mc-0a1b2c3d4e", "check", false)]
    [InlineData("checkout", "checkout", false)]
    [InlineData("a-mc-b-mc-0a1b2c3d4e", "a-mc-b", true)]
    public void IsNameOf_Name_TellsTheServicesOfVersions(string name, string service, bool expected) => Assert.Equal(expected, ArmHost.IsNameOf(name, service));

    [Fact]
    public void IsNameOf_LongName_IsKnownThoughItIsCut()
    {
        var service = new string('s', 60);
        Assert.True(ArmHost.IsNameOf(MeshCanary.Controller.Workloads.InPlace.InPlaceNames.Service(service, "0a1b2c3d4e"), service));
    }

    [Fact]
    public void Unneeded_OneThatGoes_IsLetGoOnlyWhenNothingLeadsToIt()
    {
        var canary = new ManagedMesh("uid", Istio.IstioWorld.Wish(0).Manifest);
        var (going, other) = (PinPlannerTests.Arm("a", 1, going: true), PinPlannerTests.Arm("b", 1));
        var inForce = new MeshStep { InForce = true };
        Assert.Equal(going, ArmKeeping.Unneeded(canary, new MeshSight([going, other], [other], PinStep.Done, inForce)));
        Assert.Null(ArmKeeping.Unneeded(canary, new MeshSight([going, other], [going], PinStep.Done, inForce)));
        Assert.Null(ArmKeeping.Unneeded(canary, new MeshSight([going, other], [other], PinStep.Wait("x"), inForce)));
        Assert.Null(ArmKeeping.Unneeded(canary, new MeshSight([going, other], [other], PinStep.Done, new MeshStep { Waits = "x" })));
        Assert.Null(ArmKeeping.Unneeded(canary, new MeshSight([going, other], [other], PinStep.Done, null)));
        Assert.Null(ArmKeeping.Unneeded(canary, new MeshSight([other], [], PinStep.Done, inForce)));
        // At the release one that stays is let go too, after everything else.
        var released = canary with { IsReleasing = true };
        Assert.Null(ArmKeeping.Unneeded(released, new MeshSight([other], [], PinStep.Wait("x"), inForce)));
        Assert.Equal(going, ArmKeeping.Unneeded(released, new MeshSight([going], [], PinStep.Wait("x"), inForce)));
        Assert.Equal(other, ArmKeeping.Unneeded(released, new MeshSight([other], [], PinStep.Done, inForce)));
    }

    [Fact]
    public void Keep_AndLetGo_ChangeOurFinalizerAlone()
    {
        Assert.Equal("""[{"op":"test","path":"/metadata/resourceVersion","value":"7"},{"op":"add","path":"/metadata/finalizers","value":["meshcanary.io/routed"]}]""", ArmKeeping.Keep(PinPlannerTests.Arm("a", 1, kept: false)).ToString());
        var arm = PinPlannerTests.Arm("a", 1);
        Assert.Equal("remove", JsonNode.Parse(ArmKeeping.LetGo(arm).ToString())![1]!["op"]!.GetValue<string>());
        arm.Service.Metadata.Finalizers.Add("other/one");
        Assert.Equal("""["other/one"]""", JsonNode.Parse(ArmKeeping.LetGo(arm).ToString())![1]!["value"]!.ToJsonString());
    }

    [Fact]
    public void Repairs_MoreThanAFewAMinute_AreNotMade()
    {
        var time = new FakeTimeProvider();
        var book = new RepairBook(time);
        for (var repair = 0; repair < RepairBook.Most; repair++)
        {
            Assert.True(book.MayRepair());
            book.Note();
        }

        Assert.False(book.MayRepair());
        time.Advance(RepairBook.Window);
        Assert.True(book.MayRepair());
    }

    private static string? Picked(params ArmHost[] arms) => ArmHost.Pick(arms, "rev")?.Hash;
}
