namespace MeshCanary.Machinery.Informers;

/// <summary>How a watch ended that did not fail.</summary>
internal enum WatchEnd
{
    /// <summary>Its time was over; the next goes on where it stopped.</summary>
    Finished,

    /// <summary>The version to go on from is no longer kept.</summary>
    Expired,

    /// <summary>Nothing came for too long.</summary>
    Silent,
}
