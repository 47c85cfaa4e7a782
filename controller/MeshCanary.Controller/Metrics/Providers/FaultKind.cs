namespace MeshCanary.Controller.Metrics.Providers;

/// <summary>Why a provider gave no answer.</summary>
internal enum FaultKind
{
    /// <summary>It could not be reached, broke off, or said that it is out of order: another try may help.</summary>
    Unreachable,

    /// <summary>It took too long.</summary>
    Timeout,

    /// <summary>It did not let us in.</summary>
    Refused,

    /// <summary>It was asked too often.</summary>
    RateLimited,

    /// <summary>It does not understand the query, or the query cannot be asked.</summary>
    BadQuery,

    /// <summary>Its answer is of a shape that is not documented, or not what the template needs.</summary>
    WrongShape,
}
