namespace MeshCanary.Machinery.Informers;

/// <summary>What an informer does at the moment.</summary>
public enum InformerState
{
    /// <summary>It does not run.</summary>
    Stopped,

    /// <summary>The API is not served; it waits for that.</summary>
    NotServed,

    /// <summary>It reads everything.</summary>
    Listing,

    /// <summary>It follows changes.</summary>
    Watching,

    /// <summary>It waits after a failure. What it knows gets old.</summary>
    Recovering,
}
