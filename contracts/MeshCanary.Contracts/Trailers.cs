namespace MeshCanary.Contracts;

/// <summary>Trailers of calls that the controller ends.</summary>
public static class Trailers
{
    /// <summary>
    /// On a call that a controller ended because it does not lead: the IP address of the one that does, or empty when none
    /// is known. The status is UNAVAILABLE.
    /// </summary>
    public const string Leader = "meshcanary-leader";
}
