using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Controller.Workloads;

/// <summary>What runs the versions. Found by <see cref="Name"/>. Every call may be repeated, and none waits for anything.</summary>
internal interface IWorkload
{
    /// <summary>Its kind, as in the spec.</summary>
    string Name { get; }

    /// <summary>Says which revisions of a Canary matter from now on; those that are not named are no longer looked at.</summary>
    void Watch(string key, LookingAt how, IReadOnlyCollection<Revision> revisions);

    /// <summary>What is seen of a Canary's workload.</summary>
    WorkloadSight Read(string key);

    /// <summary>Asks for pods; returns before they are there. What is given as addresses runs already.</summary>
    void Apply(string key, WorkloadPlan plan);
}
