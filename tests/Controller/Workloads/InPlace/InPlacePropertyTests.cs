using CsCheck;
using MeshCanary.Controller.Tests.Workloads.InPlace.Model;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Tests.Workloads.InPlace;

/// <summary>The rules of the workload over random orders of events, with caches of any age and a driver that may die between any two calls.</summary>
public sealed class InPlacePropertyTests
{
    private static readonly Gen<(int, int)[]> Moves = Gen.Select(Gen.Int[0, 13], Gen.Int[0, 1000]).Array[0, 90];

    private static readonly Gen<HoldMode> Modes = Gen.Frequency((4, Gen.Const(HoldMode.Webhook)), (1, Gen.Const(HoldMode.Always)), (1, Gen.Const(HoldMode.Repair)));

    [Fact]
    public void Next_AnyOrderOfEvents_KeepsWhatServesAndComesToRest() => Explore(
        300,
        world => Assert.True(world.Rest(), $"it does not come to rest: {world.Told}"));

    [Fact]
    public void Release_FromAnyState_LeavesNothingOfOurs() => Explore(
        200,
        world => Assert.True(world.Release(), $"something is left: {world.Told}"));

    [Fact]
    public void Next_WithCopiesOfConfiguration_KeepsWhatServesAndWhatItReads() => Explore(
        200,
        world => Assert.True(world.Rest(), $"it does not come to rest: {world.Told}"),
        copies: true);

    [Fact]
    public void Release_WithCopiesOfConfiguration_LeavesThemOnlyToWhatServes() => Explore(
        200,
        world => Assert.True(world.Release(), $"something is left: {world.Told}"),
        copies: true);

    // The same histories in every run: what a new one finds is looked for by raising the number.
    private static void Explore(int histories, Action<ModelWorld> end, bool copies = false)
    {
        var sample = Gen.Select(Modes, Moves);
        var pcg = new PCG(1, 20300101);
        for (var history = 0; history < histories; history++)
        {
            var (mode, moves) = sample.Generate(pcg, null, out _);
            var world = new ModelWorld(mode, copies);
            foreach (var (kind, draw) in moves)
                world.Do(kind, draw);
            end(world);
        }
    }
}
