using k8s.Models;
using MeshCanary.Controller.Workloads.InPlace.Identity;
using MeshCanary.Controller.Workloads.InPlace.Viewing;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Workloads.InPlace.Planning;

/// <summary>One look of the planner: what is there, what is asked for, and what was found to be in the way.</summary>
internal sealed class Situation(Layout layout, InPlaceOrder order)
{
    private readonly List<string> _problems = [];

    public Layout Layout { get; } = layout;

    public InPlaceOrder Order { get; } = order;

    public WorkloadPlan Plan => Order.Plan;

    /// <summary>
    /// The ReplicaSet that the plan gives the Deployment; null when there is none. What is given back is whatever there is, and first
    /// what the Deployment rolls out by itself: once that is whole, nothing else is its home, whatever the plan still says.
    /// </summary>
    public V1ReplicaSet? Home { get; } = (order.Releasing && !layout.IsPaused ? layout.Settled ?? layout.Idle : null) ?? layout.HomeOf(order.Plan.Home)
        ?? (order.Releasing ? layout.Active.Concat(layout.Arms.Where(Objects.IsActive)).OrderByDescending(Objects.Size).FirstOrDefault() : null);

    /// <summary>Whether the Deployment controls it.</summary>
    public bool HomeIsOwned => Home is { } home && Layout.IsOwned(home);

    /// <summary>Whether pods of a revision are to read copies of their own.</summary>
    public bool WantsCopies => Order.Deployment.ConfigSnapshots && !Order.Releasing;

    /// <summary>
    /// Whether the Deployment's template is its home's: then it may do what it wants. With a home on copies it is not, unless the copies
    /// are to go and what they are copies of is the same: then the Deployment brings its pods back to that.
    /// </summary>
    public bool TemplateIsHomes => Home is { } home
        && (Layout.HasTemplateOf(home) || (!WantsCopies && Layout.Target == Objects.Revision(home) && Layout.HasOriginalOf(home)));

    /// <summary>
    /// Whether what the Deployment owns is a person's business. Not while what serves is the Canary's and goes with it: then the
    /// Deployment gets that back, since nobody knows whether what it rolls out will ever be ready.
    /// </summary>
    public bool IsTakenOver => Layout.TakenOver is not null && !(Order.Releasing && Home is not null && !HomeIsOwned);

    /// <summary>Whether the Deployment brings its home about by itself.</summary>
    public bool RollsHome => HomeIsOwned && TemplateIsHomes && !Layout.IsPaused;

    public bool HoldsAlways => Order.Deployment.Hold == HoldMode.Always && !Order.Releasing;

    /// <summary>Something is waited for: nothing may be called done.</summary>
    public bool Waits { get; private set; }

    /// <summary>What is in the way; the first that was found says most.</summary>
    public string? Problem => _problems.FirstOrDefault();

    public bool IsPlanned(string? revision) => revision is not null && (revision == Plan.Home.Name || Plan.Arms.Any(arm => arm.Revision.Name == revision));

    /// <summary>Whether a ReplicaSet's pods read what they should: the owner's objects, or copies.</summary>
    public bool Fits(V1ReplicaSet set) => !WantsCopies || ConfigCopies.AreReadBy(set) || ConfigReferences.Of(set.Spec.Template).IsEmpty;

    public void Tell(string problem) => _problems.Add(problem);

    public void Wait() => Waits = true;
}
