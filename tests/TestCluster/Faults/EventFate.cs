namespace MeshCanary.TestCluster.Faults;

/// <summary>What becomes of one event of a watch.</summary>
public enum EventFate
{
    /// <summary>It passes.</summary>
    Pass,

    /// <summary>It never arrives; later ones may.</summary>
    Drop,

    /// <summary>It arrives twice.</summary>
    Twice,

    /// <summary>The connection breaks instead.</summary>
    Reset,

    /// <summary>The server says 410 Gone instead and ends the watch, as when the version asked for is too old.</summary>
    Gone,
}
