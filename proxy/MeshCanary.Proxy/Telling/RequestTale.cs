using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;
using MeshCanary.Splitting.Choosing;
using Microsoft.AspNetCore.Http;
using Endpoint = MeshCanary.Proxy.Endpoints.Endpoint;

namespace MeshCanary.Proxy.Telling;

/// <summary>What is told of one request: noted on its way, told at its end. There is none for a request of which nothing is told.</summary>
internal sealed class RequestTale(HttpContext context, long started, bool drawn)
{
    public HttpContext Context => context;

    /// <summary>Timestamp of its arrival.</summary>
    public long Started => started;

    /// <summary>Whether it gets a line in the access log however it ends.</summary>
    public bool IsDrawn => drawn;

    /// <summary>Its span; null when it is not traced.</summary>
    public RequestSpan? Span { get; set; }

    public string? Route { get; private set; }

    public Arm? Arm { get; private set; }

    public DivertCause? Diverted { get; private set; }

    /// <summary>Revision that was asked last.</summary>
    public string? Revision { get; private set; }

    /// <summary>Address that was asked last, as the snapshot has it.</summary>
    public string? Endpoint { get; private set; }

    public int Retries { get; private set; }

    /// <summary>Why the last attempt before the final one reached nobody.</summary>
    public string? RetryReason { get; private set; }

    /// <summary>How it ended, in one word.</summary>
    public string? Outcome { get; private set; }

    public bool Failed { get; private set; }

    public long? RequestBytes { get; private set; }

    public long? ResponseBytes { get; private set; }

    /// <summary>Timestamp of the response's head from the upstream; 0 for none.</summary>
    public long FirstByte { get; private set; }

    /// <summary>Status that the client was sent; null when it was gone before.</summary>
    public int? Status { get; private set; }

    /// <summary>A route was found, and an arm drawn.</summary>
    public void Enter(string route, Arm arm) => (Route, Arm) = (route, arm);

    /// <summary>Stable has it instead of the canary.</summary>
    public void Divert(DivertCause cause) => Diverted = cause;

    /// <summary>It is about to be sent to an endpoint.</summary>
    public void Try(ArmTarget arm, Endpoint endpoint)
    {
        (Revision, Endpoint) = (arm.Revision, endpoint.Address);
        Span?.BeginAttempt(this, endpoint);
    }

    /// <summary>The endpoint could not be reached, and another one is to be tried.</summary>
    public void Miss()
    {
        Retries++;
        RetryReason = TellingNames.OfMiss(context.GetForwarderErrorFeature());
        Span?.EndAttempt(RetryReason, status: null);
    }

    /// <summary>The proxy answers by itself.</summary>
    /// <param name="why">In one word.</param>
    public void Answer(string why) => Outcome = why;

    /// <summary>It has been served, or could not be.</summary>
    public void Finish(RequestOutcome outcome, long? requestBytes, long? responseBytes, long firstByte)
    {
        (Outcome, RequestBytes, ResponseBytes, FirstByte) = (TellingNames.Of(outcome), requestBytes, responseBytes, firstByte);
        Failed = outcome is not (RequestOutcome.Success or RequestOutcome.ClientAbort);
    }

    /// <summary>Nothing more will happen to it.</summary>
    /// <param name="fault">What was thrown, and is the web server's to answer.</param>
    public void Close(Exception? fault)
    {
        var response = context.Response;
        if (response.HasStarted || (fault is null && !context.RequestAborted.IsCancellationRequested))
            Status = response.StatusCode;
        else if (!context.RequestAborted.IsCancellationRequested)
            Status = (fault as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError;
        // No upstream was asked, and the service did not serve.
        Failed |= Revision is null && Status >= StatusCodes.Status500InternalServerError;
        Outcome ??= TellingNames.ClientAbort;
        Span?.End(this);
    }
}
