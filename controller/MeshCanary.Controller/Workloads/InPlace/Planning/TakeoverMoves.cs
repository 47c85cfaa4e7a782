using MeshCanary.Controller.Workloads.InPlace.Calls;

namespace MeshCanary.Controller.Workloads.InPlace.Planning;

/// <summary>A person let the Deployment go on by itself. What it owns is its own until it has rolled.</summary>
internal static class TakeoverMoves
{
    /// <summary>Takes the marks away when the roll is over, the plan has it as the home, and nothing is kept to go back to.</summary>
    public static InPlaceCall? Accept(Situation at)
    {
        var layout = at.Layout;
        var settled = layout.Settled is { } home && Objects.Revision(home) == layout.TakenOver;
        if (settled && at.Plan.Home.Name == layout.TakenOver && at.Plan.Arms.All(arm => arm.Share is null))
            return new MarkDeployment(layout.Deployment.Metadata.Uid, NameMoves.NoLabels, NameMoves.NoLabels.AddRange(
                NameMoves.Marks.Where(name => Objects.Annotation(layout.Deployment, name) is not null).Select(NameMoves.Removed)));
        // A person who took the Deployment over has it already.
        if (!at.Order.Releasing)
            at.Wait();
        return null;
    }
}
