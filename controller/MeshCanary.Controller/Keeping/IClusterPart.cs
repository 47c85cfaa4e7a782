using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Keeping;

/// <summary>Something that changes objects of a cluster for a Canary, and gives them back. Every call may be repeated, and none waits for anything.</summary>
internal interface IClusterPart
{
    /// <summary>A Canary is under control from now on, or its manifest is another one.</summary>
    /// <param name="uid">The uid of its object, the owner of what is made for it.</param>
    /// <param name="manifest">What is written.</param>
    void Manage(string uid, CanaryManifest manifest);

    /// <summary>Gives back whatever was changed for a Canary, or goes on with that.</summary>
    /// <returns>What is waited for, in plain words; null when all is given back.</returns>
    string? GiveBack(string key);

    /// <summary>The Canary is no longer this process's business: nothing more is done for it, and what was done stays.</summary>
    void Forget(string key);
}
