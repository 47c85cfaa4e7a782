using CsCheck;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;
using MeshCanary.Rollouts.Tests.Deciding.Model;

namespace MeshCanary.Rollouts.Tests.Deciding;

/// <summary>The rules of a rollout over random orders of events, with crashes and late, lost and duplicate messages.</summary>
public sealed class DeciderPropertyTests
{
    private static readonly Gen<MoveKind> Kinds = Gen.Frequency(
        (3, Gen.Const(MoveKind.Time)),
        (20, Gen.Const(MoveKind.Calm)),
        (1, Gen.Const(MoveKind.Target)),
        (2, Gen.Const(MoveKind.Ready)),
        (3, Gen.Const(MoveKind.Verdict)),
        (1, Gen.Const(MoveKind.Requests)),
        (1, Gen.Const(MoveKind.Metrics)),
        (1, Gen.Const(MoveKind.Breach)),
        (1, Gen.Const(MoveKind.Alarm)),
        (1, Gen.Const(MoveKind.Budget)),
        (5, Gen.Const(MoveKind.Send)),
        (8, Gen.Const(MoveKind.Acknowledge)),
        (1, Gen.Const(MoveKind.Lose)),
        (1, Gen.Const(MoveKind.Connect)),
        (1, Gen.Const(MoveKind.Action)),
        (1, Gen.Const(MoveKind.Workload)),
        (1, Gen.Const(MoveKind.Crash)));

    private static readonly Gen<Move[]> Moves = Gen.Select(Kinds, Gen.Int[0, 1000], Gen.Int[0, 1000], (kind, a, b) => new Move(kind, a, b)).Array[0, 120];

    private static readonly Gen<CanarySpec> Specs = Gen.Select(
        Gen.Int[0, 1],
        Gen.Int[0, 2],
        Gen.Int[0, 1],
        Gen.Int[0, 4],
        (failure, inconclusive, bake, plan) => World.Canary(Plan(plan)) with
        {
            OnFailure = (FailureAction)failure,
            Analysis = new AnalysisSpec { OnInconclusive = (InconclusiveAction)inconclusive },
            BakeTime = TimeSpan.FromMinutes(10 * bake),
        });

    [Fact]
    public void Decide_AnyOrderOfEvents_KeepsEveryRule() =>
        Gen.Select(Specs, Moves, Gen.Bool).Sample(
            (spec, moves, runsPods) =>
            {
                var world = new ModelWorld(spec, runsPods);
                foreach (var move in moves)
                    world.Do(move);
            },
            iter: 8000);

    [Fact]
    public void Decide_QuietWorldAfterAnything_ComesToRestOnTheTarget() =>
        Gen.Select(Specs, Moves, Gen.Bool).Sample(
            (spec, moves, runsPods) =>
            {
                var world = new ModelWorld(spec, runsPods);
                foreach (var move in moves)
                    world.Do(move);
                Assert.True(world.Rest(), $"still {world.Status.Phase}, waiting for {world.Status.WaitingFor}");
                var settled = world.Status.Phase == Phase.Stable ? world.Status.Stable : world.Status.Run!.Canary;
                Assert.Equal(world.Target, settled);
            },
            iter: 4000);

    [Fact]
    public void Decide_BenignWorld_PromotesTheTarget() =>
        Gen.Select(Specs.Where(spec => spec.Strategy.Steps.All(step => step.Approval is null)), Gen.Bool).Sample(
            (spec, runsPods) =>
            {
                var world = new ModelWorld(spec, runsPods);
                Assert.True(world.Rest());
                world.Do(new Move(MoveKind.Target, 1, 0));
                world.Do(new Move(MoveKind.Crash, 0, 0));
                Assert.True(world.Rest());
                Assert.Equal((Phase.Stable, World.V2), (world.Status.Phase, world.Status.Stable));
            },
            iter: 100);

    /// <summary>A model that never gets anywhere would keep every rule.</summary>
    [Fact]
    public void Model_FixedSeed_ReachesEveryKindOfEvent()
    {
        var told = new Dictionary<string, int>();
        var sample = Gen.Select(Specs, Moves);
        var pcg = new PCG(1, 20300101);
        for (var round = 0; round < 1500; round++)
        {
            var (spec, moves) = sample.Generate(pcg, null, out _);
            var world = new ModelWorld(spec, runsPods: round % 2 == 0);
            foreach (var move in moves)
                world.Do(move);
            foreach (var (kind, count) in world.Told)
                told[kind] = told.GetValueOrDefault(kind) + count;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", told.OrderBy(pair => pair.Value)));
        Assert.Equal(EventKinds.All.Except([EventKinds.Releasing, EventKinds.Released]).Order(), told.Keys.Order());
    }

    private static StepSpec Step(int basisPoints) => World.Step(basisPoints) with { MaxDuration = TimeSpan.FromMinutes(3) };

    private static StepSpec[] Plan(int plan) => plan switch
    {
        0 => [Step(1000)],
        1 => [Step(100), Step(1000), Step(5000)],
        2 => [World.Approval(), Step(1000), World.Approval(TimeoutAction.Promote), Step(5000)],
        3 => [Step(500), Step(10_000)],
        _ => [Step(500), World.Approval(TimeoutAction.Promote)],
    };
}
