namespace MeshCanary.Contracts;

/// <summary>Version of the protocol between controller and proxy.</summary>
public static class ProtocolVersion
{
    /// <summary>The version that this build speaks, and the only one it accepts.</summary>
    public const uint Current = 1;
}
