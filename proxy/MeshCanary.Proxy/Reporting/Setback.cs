namespace MeshCanary.Proxy.Reporting;

/// <summary>Why there is no stream to the controller.</summary>
internal enum Setback
{
    /// <summary>It cannot be reached, or the stream broke.</summary>
    Lost,

    /// <summary>No controller that could be reached leads: one of them soon will.</summary>
    NotLeading,

    /// <summary>It refuses this proxy, so that hurrying is of no use.</summary>
    Refused,
}
