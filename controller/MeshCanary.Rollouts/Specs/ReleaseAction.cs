namespace MeshCanary.Rollouts.Specs;

/// <summary>What becomes of a template that is not the promoted one when the Canary is removed (kind <c>Deployment</c>).</summary>
public enum ReleaseAction
{
    /// <summary>The Deployment stays paused, and a person decides.</summary>
    Hold,

    /// <summary>The Deployment goes on, and rolls the template out without analysis.</summary>
    Resume,
}
