namespace MeshCanary.Rollouts.Specs;

/// <summary>What tells a revision in the labels of metrics.</summary>
public enum RevisionMark
{
    /// <summary>The value is the revision's name.</summary>
    Name,

    /// <summary>The value is a pod's name, which begins with that of its ReplicaSet.</summary>
    ReplicaSet,

    /// <summary>The value names the Service of an arm, alone or among other words.</summary>
    Service,

    /// <summary>The value is host and port of an address of the revision.</summary>
    Address,
}
