namespace MeshCanary.Controller.Distribution;

/// <summary>Whether this controller is the one that proxies talk to.</summary>
internal interface ILeadership
{
    /// <summary>It is.</summary>
    bool IsLeading { get; }

    /// <summary>IP address of the one that is; null when that is not known.</summary>
    string? Leader { get; }
}
