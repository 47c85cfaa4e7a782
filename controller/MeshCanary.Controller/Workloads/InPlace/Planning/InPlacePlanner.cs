using MeshCanary.Controller.Workloads.InPlace.Calls;
using MeshCanary.Controller.Workloads.InPlace.Viewing;

namespace MeshCanary.Controller.Workloads.InPlace.Planning;

/// <summary>
/// From what is seen to the next single call. Pure: the same sight and the same order give the same call, so that whoever comes after a
/// crash goes on where it happened. Every call leaves the cluster in a state in which nothing that serves is taken down, for however long.
/// </summary>
internal static class InPlacePlanner
{
    // The first that has something to do does it. Holding comes first because a Deployment that rolls does so within milliseconds;
    // what the Deployment is given back comes last.
    private static readonly Func<Situation, InPlaceCall?>[] Moves =
        [HoldMoves.Hold, NameMoves.Name, CopyMoves.Next, HomeMoves.Next, NameMoves.Mark, ServiceMoves.Next, ArmMoves.Next, RemovalMoves.Next, HoldMoves.Unhold, NameMoves.Clean];

    private static readonly Func<Situation, InPlaceCall?>[] TakenOver =
        [NameMoves.Name, ServiceMoves.Next, RemovalMoves.Next, TakeoverMoves.Accept];

    /// <summary>The next call towards a plan.</summary>
    public static InPlaceStep Next(InPlaceView view, InPlaceOrder order)
    {
        if (view.Deployment is not { } deployment || Objects.IsGoing(deployment))
            return ReleaseMoves.WithoutDeployment(view, order);
        var layout = new Layout(view, deployment);
        var situation = new Situation(layout, order);
        Troubles.Tell(situation);
        if (layout.Target is null && layout is { IsPaused: false, HeldAt: not null })
            return new InPlaceStep(null, situation.Problem);
        var call = (situation.IsTakenOver ? TakenOver : Moves).Select(move => move(situation)).FirstOrDefault(call => call is not null);
        if (call is null && order.Releasing && !situation.Waits)
            call = ReleaseMoves.Next(situation);
        return new InPlaceStep(call, situation.Problem, call is null && !situation.Waits);
    }
}
