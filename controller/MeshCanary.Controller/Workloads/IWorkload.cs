using System.Collections.Immutable;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Controller.Workloads;

/// <summary>What runs the versions. Found by <see cref="Name"/>.</summary>
internal interface IWorkload
{
    /// <summary>Its kind, as in the spec.</summary>
    string Name { get; }

    /// <summary>Says which revisions of a Canary matter from now on; those that are not named are no longer looked at.</summary>
    void Watch(string key, LookingAt how, IReadOnlyCollection<Revision> revisions);

    /// <summary>Ready endpoints by revision name; a revision that was not looked at yet is absent.</summary>
    ImmutableDictionary<string, int> Read(string key);
}
