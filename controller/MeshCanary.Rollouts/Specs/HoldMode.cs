namespace MeshCanary.Rollouts.Specs;

/// <summary>How a new template is kept from rolling out by itself (kind <c>Deployment</c>).</summary>
public enum HoldMode
{
    /// <summary>A webhook pauses the Deployment in the same write that changes its template.</summary>
    Webhook,

    /// <summary>The Deployment is paused all the time.</summary>
    Always,

    /// <summary>The Deployment is paused after the fact, and what had started is taken over.</summary>
    Repair,
}
