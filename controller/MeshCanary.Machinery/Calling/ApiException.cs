using System.Net;

namespace MeshCanary.Machinery.Calling;

/// <summary>A call to the API server failed. The message says what was asked, of which object, and what the server said.</summary>
public sealed class ApiException : Exception
{
    /// <summary>Describes a failure.</summary>
    /// <param name="kind">What kind it is.</param>
    /// <param name="call">What was asked, such as <c>patch deployments.v1.apps shop/checkout</c>.</param>
    /// <param name="said">What the server said, or what went wrong.</param>
    /// <param name="inner">What it comes from, if anything.</param>
    public ApiException(ApiErrorKind kind, string call, string said, Exception? inner = null)
        : base($"{call}: {said}", inner)
    {
        Kind = kind;
        Call = call;
    }

    /// <summary>What kind of failure.</summary>
    public ApiErrorKind Kind { get; }

    /// <summary>What was asked.</summary>
    public string Call { get; }

    /// <summary>The HTTP status, or null when there was no answer.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>The reason by the server's own name, or empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The single reasons, where the server gives them.</summary>
    public IReadOnlyList<ApiErrorCause> Causes { get; init; } = [];

    /// <summary>How long the server asks to wait, if it does.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The answer was that nothing was done, and that the same call may succeed later.</summary>
    public bool IsUndone => Kind == ApiErrorKind.TooManyRequests;

    /// <summary>The same call may succeed later; whether this one did something is not known.</summary>
    public bool IsTransient => Kind is ApiErrorKind.TooManyRequests or ApiErrorKind.ServerAway or ApiErrorKind.Garbled;
}
