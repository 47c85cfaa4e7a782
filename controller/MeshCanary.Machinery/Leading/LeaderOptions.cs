using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Leading;

/// <summary>Over which lease, and how, a leader is elected.</summary>
/// <param name="Lease">Where the Lease object is.</param>
/// <param name="Name">A name for this process that people recognise, such as its pod's. A random part is added: a process that starts anew is another.</param>
public sealed record LeaderOptions(ObjectKey Lease, string Name)
{
    /// <summary>Where this process can be reached when it leads, for followers that point others to it; or empty.</summary>
    public string Address { get; init; } = "";

    /// <summary>The annotation of the Lease that holds the address.</summary>
    public string AddressAnnotation { get; init; } = "meshcanary.io/leader-address";

    /// <summary>How long others wait without a sign of life before they take over.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long after the last renewal the leader stops to act. Less than <see cref="LeaseDuration"/>: the difference is what clocks may drift and work may take to stop.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the leader renews and others look, before jitter.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Is told whom this process sees leading, whenever that changes; null for nobody. Must be quick.</summary>
    public Action<LeaderSight?>? Changed { get; init; }

    internal void Validate()
    {
        if (RenewDeadline >= LeaseDuration)
            throw new ArgumentException($"The renew deadline ({RenewDeadline}) must be shorter than the lease ({LeaseDuration}), or two leaders could act at once.");
        if (RetryPeriod * 2 > RenewDeadline)
            throw new ArgumentException($"Two retry periods ({RetryPeriod}) must fit into the renew deadline ({RenewDeadline}), or one failed call ends a term.");
    }
}
