namespace MeshCanary.TestCluster.Load;

/// <summary>What became of one request. Everything but <see cref="Answered"/> is a lost request.</summary>
public enum LoadOutcome
{
    /// <summary>It got an answer that is neither 502, 503 nor 504.</summary>
    Answered,

    /// <summary>No connection could be made.</summary>
    Refused,

    /// <summary>The connection ended before the answer was complete.</summary>
    Broken,

    /// <summary>There was no complete answer in time.</summary>
    TimedOut,

    /// <summary>Something between said 502, 503 or 504.</summary>
    Unavailable,
}
