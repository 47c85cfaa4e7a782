namespace MeshCanary.Controller.Distribution;

/// <summary>Who opened a stream, as far as its credentials say.</summary>
/// <param name="User">The user, where users are told apart; null otherwise.</param>
/// <param name="Pod">Name of the pod that the token was given to; null when it does not say.</param>
/// <param name="PodUid">Its uid; null when it does not say.</param>
internal sealed record ProxyCaller(string? User, string? Pod, string? PodUid)
{
    /// <summary>Somebody who needed no name.</summary>
    public static ProxyCaller Nameless { get; } = new(null, null, null);
}
