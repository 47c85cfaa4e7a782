using System.Text.Json;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.States;
using MeshCanary.Rollouts.Tests.Deciding;

namespace MeshCanary.Rollouts.Tests.States;

public sealed class RolloutStatusJsonTests
{
    [Fact]
    public void Write_Status_IsStableAndReadable()
    {
        var world = World.InFlight();
        world.Act(ActionKind.Pause);
        var json = RolloutStatusJson.Write(world.Status);
        Assert.Contains("\"phase\":\"paused\"", json, StringComparison.Ordinal);
        Assert.Contains("\"weight\":100", json, StringComparison.Ordinal);
        Assert.Equal(world.Status, RolloutStatusJson.Read(json));
    }

    [Fact]
    public void Read_WithDefaultOptions_KeepsTheWeight()
    {
        var status = World.InFlight().Status;
        Assert.Equal(status, JsonSerializer.Deserialize<RolloutStatus>(JsonSerializer.Serialize(status)));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"phase\":\"soaring\"}")]
    public void Read_NotAStatus_SaysSo(string json) => Assert.Throws<JsonException>(() => RolloutStatusJson.Read(json));

    [Fact]
    public void Read_WeightOutOfRange_SaysSo()
    {
        var json = RolloutStatusJson.Write(World.InFlight().Status).Replace("\"weight\":100", "\"weight\":10001", StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => RolloutStatusJson.Read(json));
    }
}
