using MeshCanary.Controller.Crds.Statuses;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Recording.Cluster;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.States;
using MeshCanary.Splitting.Weights;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Recording.Cluster;

/// <summary>State in the status of an object that others write too, on a server that comes and goes.</summary>
public sealed class CanaryStatusStoreTests : IDisposable
{
    private static readonly Revision V1 = new() { Name = "5f3c9a1b2d", Addresses = [] };
    private static readonly Revision V2 = new() { Name = "77c1d20e4f", Addresses = [] };

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly StateDatabase _database;
    private readonly FakeCanaryObjects _objects = new();

    public CanaryStatusStoreTests() => _database = StateDatabase.Open(_folder.File("state.db"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Commit_OfARun_IsReadByPeopleAndByTheNextReplica()
    {
        await Store().CommitAsync(new CanaryCommit { Record = Progressing() }, Stop);

        var status = _objects.Present!.Status!;
        Assert.Equal((Phase.Progressing, "1/2", V1.Name, V2.Name, 3L), (status.Phase, status.Step, status.StableRevision, status.CanaryRevision, status.ObservedGeneration));
        Assert.Equal("10%", status.Weights!.Desired);
        Assert.Equal(ConditionTypes.All.Order(), status.Conditions!.Value.Select(condition => condition.Type).Order());
        var state = EngineText.Read(status.Engine!);
        Assert.Equal((Progressing().Status, "me", 1L), (state.Status, state.Writer, state.Commit));
    }

    [Fact]
    public async Task Commit_AfterSomebodyElseTouchedTheObject_IsWrittenAllTheSame()
    {
        var store = Store();
        await store.CommitAsync(new CanaryCommit { Record = Progressing() }, Stop);
        _objects.Touch();
        await store.CommitAsync(new CanaryCommit { Record = Progressing(weight: 5000) }, Stop);
        Assert.Equal("50%", _objects.Present!.Status!.Weights!.Desired);
    }

    [Fact]
    public async Task Commit_WhoseAnswerWasLost_MayBeGivenAgain()
    {
        var store = Store();
        _objects.LosesAnswer = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.CommitAsync(new CanaryCommit { Record = Progressing() }, Stop));
        await store.CommitAsync(new CanaryCommit { Record = Progressing(weight: 5000) }, Stop);
        Assert.Equal("50%", _objects.Present!.Status!.Weights!.Desired);
        await store.CommitAsync(new CanaryCommit { Record = Progressing(weight: 2000) }, Stop);
        Assert.Equal("20%", _objects.Present!.Status!.Weights!.Desired);
    }

    [Fact]
    public async Task Commit_WhileTheServerIsAway_SaysThatNothingIsKept()
    {
        var store = Store();
        _objects.IsAway = true;
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.CommitAsync(new CanaryCommit { Record = Progressing() }, Stop));
        Assert.Contains("shop/checkout", refusal.Message, StringComparison.Ordinal);
        _objects.IsAway = false;
        await store.CommitAsync(new CanaryCommit { Record = Progressing() }, Stop);
        Assert.Equal(1, _objects.Writes);
    }

    [Fact]
    public async Task Commit_AfterAnotherControllerWrote_IsRefused()
    {
        var store = Store("old leader");
        await store.CommitAsync(new CanaryCommit { Record = Progressing() }, Stop);
        var successor = Store("new leader");
        await successor.CommitAsync(new CanaryCommit { Record = Progressing(weight: 5000) }, Stop);

        await Assert.ThrowsAsync<StaleObjectException>(() => store.CommitAsync(new CanaryCommit { Record = Progressing(weight: 2000) }, Stop));
        Assert.Equal("50%", _objects.Present!.Status!.Weights!.Desired);
    }

    [Fact]
    public async Task Commit_OnAnObjectThatWasMadeAnew_IsRefused()
    {
        var store = Store();
        _objects.Present!.Metadata.Uid = "u2";
        _objects.Touch();
        await Assert.ThrowsAsync<StaleObjectException>(() => store.CommitAsync(new CanaryCommit { Record = Progressing() }, Stop));
    }

    [Fact]
    public async Task Condition_KeepsTheTimeOfItsChangeAndTellsOfFaults()
    {
        var store = Store();
        await store.CommitAsync(new CanaryCommit { Record = Progressing() }, Stop);
        var began = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(store.Blame(ConditionTypes.InvalidSpec, new ConditionFault("InvalidSpec", "spec.router: is unknown.")));
        Assert.False(store.Blame(ConditionTypes.InvalidSpec, new ConditionFault("InvalidSpec", "spec.router: is unknown.")));
        await store.TellAsync(Stop);

        Assert.Equal(("True", began), At(ConditionTypes.Progressing));
        Assert.Equal(("True", _time.GetUtcNow()), At(ConditionTypes.InvalidSpec));
        Assert.True(store.Blame(ConditionTypes.InvalidSpec, null));
        await store.TellAsync(Stop);
        Assert.Equal("False", At(ConditionTypes.InvalidSpec).Status);
    }

    private (string Status, DateTimeOffset Since) At(string type)
    {
        var condition = _objects.Present!.Status!.Conditions!.Value.Single(one => one.Type == type);
        return (condition.Status, condition.LastTransitionTime);
    }

    // What the object holds now is where a new replica begins.
    private CanaryStatusStore Store(string writer = "me") => new(
        new StatusTools(_objects, new CanaryStore(_database), null, writer, _time, NullLogger.Instance),
        _objects.Seen,
        _objects.Present!.Status?.Engine is { } engine ? EngineText.Read(engine) : null);

    private static CanaryRecord Progressing(int weight = 1000)
    {
        var start = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var run = new Run { Id = "r1", Canary = V2, Baseline = V1, StartedAt = start, StepStartedAt = start, Weight = new BasisPoints(weight) };
        return new CanaryRecord
        {
            Manifest = new CanaryManifest
            {
                Name = "checkout",
                Namespace = "shop",
                Spec = new CanarySpec
                {
                    Workload = new WorkloadSpec { Kind = "Deployment", Name = "checkout" },
                    Service = new ServiceSpec { Name = "checkout" },
                    Strategy = new StrategySpec { Steps = [new StepSpec { Weight = new BasisPoints(1000) }, new StepSpec { Weight = new BasisPoints(5000) }] },
                },
            },
            Status = new RolloutStatus { Phase = Phase.Progressing, PhaseSince = start, Stable = V1, Run = run, Runs = 1, WaitingFor = new WaitingFor("enough evidence", start, start, "it is held") },
            Announced = V2,
        };
    }
}
