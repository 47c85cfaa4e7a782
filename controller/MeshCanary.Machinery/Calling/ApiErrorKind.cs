namespace MeshCanary.Machinery.Calling;

/// <summary>What kind of failure a call met. A kind says what the caller can do.</summary>
public enum ApiErrorKind
{
    /// <summary>Something else that the server refused; trying again will not help.</summary>
    Refused,

    /// <summary>409: somebody else wrote in between, another field manager owns a field, or a precondition failed. Look again, then decide again.</summary>
    Conflict,

    /// <summary>409: there is already an object of that name.</summary>
    AlreadyExists,

    /// <summary>422: the object or the patch is not valid; the causes name fields. A failed <c>test</c> of a JSON patch is one as well.</summary>
    Invalid,

    /// <summary>404: no such object, or no such API.</summary>
    NotFound,

    /// <summary>403: the role lacks a permission, or an admission rule forbids it.</summary>
    Forbidden,

    /// <summary>401: the credentials are not accepted.</summary>
    Unauthorized,

    /// <summary>410: the version asked for, or the page, is no longer kept. List anew.</summary>
    Gone,

    /// <summary>429: too many requests; nothing was done.</summary>
    TooManyRequests,

    /// <summary>5xx, no connection, or no answer in time. It is not known whether something was done.</summary>
    ServerAway,

    /// <summary>What came is no answer of an API server: JSON that is cut off or malformed.</summary>
    Garbled,
}
