using MeshCanary.Proxy.Endpoints;
using MeshCanary.Proxy.Guarding;
using MeshCanary.Proxy.Mirroring;
using MeshCanary.Proxy.Recording;
using MeshCanary.Proxy.Routing;
using MeshCanary.Proxy.Telling;
using MeshCanary.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Forwarder;
using DrawnArm = MeshCanary.Splitting.Choosing.Arm;
using Endpoint = MeshCanary.Proxy.Endpoints.Endpoint;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>
/// One request on its way: arm, endpoint, forwarding, and the count of how it ended. It is the forwarder's transformer
/// too, so that what is known of the request needs neither a second object nor a look-up.
/// </summary>
internal sealed class Exchange(HttpContext context, RouteEntry route, Outbound outbound, long started) : HttpTransformer, IHttp1Edits
{
    // A longer body may last, and break off: its bytes are counted as they go.
    private const long ShortBody = 64 * 1024;

    private ArmTarget _arm = route.Stable;
    private Endpoint? _endpoint;
    private OutcomeCells? _firstVisit;
    private CountedRequestBody? _requestBody;
    private CountedResponseBody? _responseBody;
    private Attempts? _attempts;
    private long _shortBytes;
    private long _firstByte;
    private MirrorCopy? _copy;
    private GuardAnswer _admitted;
    private bool _diverted;
    private bool _switched;
    private bool _turnedAway;
    private StringValues _minted;

    /// <summary>Is told what happens; null when nobody wants to know.</summary>
    public RequestTale? Tale { get; init; }

    /// <inheritdoc/>
    // One that is in a pause is no better than this one. The canary has stable.
    public bool MayGoElsewhere => _arm != route.Stable || (_attempts?.AreLeft(_arm.Endpoints, _endpoint!) ?? _arm.Endpoints.Pick(except: _endpoint) is not null);

    /// <summary>Serves the request. Called once.</summary>
    public Task RunAsync()
    {
        TakeArm();
        if (_turnedAway)
            return PlainAnswers.Busy(context);
        if (_endpoint is null)
            return EndNowhere();

        if (route.Mirror is { } mirror && _arm == route.Stable && !_diverted)
            _copy = mirror.Begin(context, outbound);
        _requestBody = CountedRequestBody.Of(context, _copy);
        UpgradeWatch.Watch(context, this);
        return ForwardAsync();
    }

    /// <summary>
    /// Counts an upgraded request (WebSocket) at the moment of the switch. What follows is a tunnel that may live for days; its
    /// length says nothing about how fast a version is, and waiting for its end would hide the version's traffic until then.
    /// </summary>
    public void CountSwitch(int status)
    {
        _switched = true;
        Tale?.Finish(RequestOutcome.Success, requestBytes: null, responseBytes: null, _firstByte);
        Count(RequestOutcome.Success);
        _arm.Counters.RecordStatus(status);
        // A probe of the circuit is answered with the switch, however long the tunnel lives.
        route.Guard?.Ended(_arm == route.Stable, _admitted, RequestOutcome.Success);
        _admitted = GuardAnswer.Admitted;
    }

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        var copied = base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = UpstreamTarget.Of(httpContext, destinationPrefix);
        ForwardedHeaders.Write(httpContext, proxyRequest, _endpoint!.Authority, outbound.TrustForwarded);
        _arm.RequestHeaders?.Apply(proxyRequest);
        if (MayGoElsewhere)
            proxyRequest.Options.Set(UpstreamConnector.MayGoElsewhere, true);
        return copied;
    }

    public override ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
            return ValueTask.FromResult(false);

        UpgradeWatch.RefuseUnasked(httpContext, proxyResponse);
        var copied = base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        Respond(httpContext);
        return copied;
    }

    /// <inheritdoc/>
    public IHeaderDictionary? ChangeRequest(HttpContext httpContext)
    {
        if (_arm.RequestHeaders is null && !outbound.TrustForwarded)
            return null;
        var headers = ForwardedFields.With(httpContext, outbound.TrustForwarded);
        _arm.RequestHeaders?.Apply(headers);
        return headers;
    }

    /// <inheritdoc/>
    public void Respond(HttpContext httpContext)
    {
        _firstByte = outbound.Time.GetTimestamp();
        var response = httpContext.Response;
        _arm.ResponseHeaders?.Apply(response.Headers);
        if (response.ContentLength is { } length and <= ShortBody)
            _shortBytes = HttpMethods.IsHead(httpContext.Request.Method) || response.StatusCode == StatusCodes.Status304NotModified ? 0 : length;
        else
            _responseBody = CountedResponseBody.Count(httpContext);
    }

    private void TakeArm()
    {
        var pick = ArmPicker.Pick(context, route);
        (_firstVisit, _minted) = (pick.FirstVisit, context.Response.Headers.SetCookie);
        Tale?.Enter(route.Name, pick.Arm);
        if (pick.Arm == DrawnArm.Stable)
            TakeStable(diverted: null);
        else if (TryTake(route.Canary!) is { } hindrance)
            TakeStable(hindrance);
    }

    // Why the canary cannot have the request, or null when it has it.
    private DivertCause? TryTake(ArmTarget canary)
    {
        if (canary.Endpoints.Pick(except: null) is not { } endpoint)
            return DivertCause.NotReady;
        if (canary.Cap is { } cap && !cap.TryEnter())
            return DivertCause.Concurrency;
        // Last, for what it admits is spent.
        _admitted = route.Guard?.Ask() ?? GuardAnswer.Admitted;
        if (_admitted is GuardAnswer.Admitted or GuardAnswer.Probe)
        {
            Begin(canary, endpoint);
            return null;
        }

        canary.Cap?.Leave();
        return _admitted == GuardAnswer.CircuitOpen ? DivertCause.Circuit : DivertCause.Budget;
    }

    private void TakeStable(DivertCause? diverted)
    {
        var stable = route.Stable;
        if (diverted is { } why)
            Tale?.Divert(why);
        _turnedAway = stable.Cap is { } cap && !cap.TryEnter();
        if (_turnedAway)
        {
            Tale?.Answer(TellingNames.TurnedAway);
            stable.Counters.Start();
            stable.Counters.TurnAway();
            stable.Counters.End();
            return;
        }

        // Without a ready endpoint it tries them all: there is nothing better to do.
        Begin(stable, stable.Endpoints.Pick(except: null) ?? stable.Endpoints.PickAny(except: null));
        if (diverted is not { } cause)
            return;
        stable.Counters.Divert(cause);
        _diverted = true;
        // What stable answers for the canary says nothing of either: such a visit is spent and counted nowhere.
        _firstVisit = null;
    }

    private void Begin(ArmTarget arm, Endpoint? endpoint)
    {
        (_arm, _endpoint) = (arm, endpoint);
        arm.Counters.Start();
        endpoint?.Begin();
    }

    private async Task ForwardAsync()
    {
        var error = ForwarderError.None;
        Exception? thrown = null;
        try
        {
            do
            {
                Tale?.Try(_arm, _endpoint!);
                error = await outbound.SendAsync(context, _endpoint!, this, _arm.Ending?.Token ?? default);
            }
            while (error != ForwarderError.None && Attempts.NeverArrived(context, _requestBody) && TryElsewhere());

            if (_turnedAway)
                await PlainAnswers.Busy(context);
            else if (error != ForwarderError.None)
                PlainAnswers.Amend(context, error, _minted, isOwed: _requestBody is { IsOwed: true });
        }
        catch (Exception exception)
        {
            thrown = exception;
            throw;
        }
        finally
        {
            if (!_turnedAway)
                End(error, thrown);
        }
    }

    // Nothing of the request was sent, so nobody need know: neither the client nor, but as a retry, the counts.
    private bool TryElsewhere()
    {
        _attempts ??= new Attempts();
        var (arm, failed) = (_arm, _endpoint!);
        var onStable = arm == route.Stable;
        var next = _attempts.Next(arm.Endpoints, failed, evenUnready: onStable);
        if (next is null && onStable)
            return false;

        Tale?.Miss();
        arm.Counters.Retry();
        failed.End(EndpointResult.Unreachable);
        Attempts.Forget(context);
        if (next is not null)
        {
            _endpoint = next;
            next.Begin();
            return true;
        }

        Leave(arm);
        route.Guard?.GiveBack(_admitted);
        TakeStable(DivertCause.NotReady);
        return !_turnedAway;
    }

    private static void Leave(ArmTarget arm)
    {
        arm.Cap?.Leave();
        arm.Counters.End();
    }

    private void End(ForwarderError error, Exception? thrown)
    {
        var result = EndpointResult.Answered;
        var outcome = RequestOutcome.Success;
        if (!_switched)
        {
            outcome = OutcomeClassifier.Of(context, error, thrown);
            // The silence was the client's: the upstream could not answer what it did not have.
            if (outcome == RequestOutcome.Timeout && _requestBody is { IsOwed: true })
                outcome = RequestOutcome.ClientAbort;
            Count(outcome);
            var isWhole = outcome is RequestOutcome.Success or RequestOutcome.ServerError or RequestOutcome.GrpcError;
            var (sent, received) = (_requestBody?.Bytes ?? 0, _responseBody?.Bytes ?? (isWhole ? _shortBytes : 0));
            _arm.Counters.RecordBytes(sent, received);
            Tale?.Finish(outcome, sent, received, _firstByte);
            // A client that is gone saw no status.
            if (outcome != RequestOutcome.ClientAbort)
                _arm.Counters.RecordStatus(context.Response.StatusCode);
            result = Attempts.ResultOf(context, outcome, _requestBody);
        }

        _endpoint!.End(result);
        Leave(_arm);
        route.Guard?.Ended(_arm == route.Stable, _admitted, outcome);
        _copy?.Send(served: outcome != RequestOutcome.ClientAbort);
    }

    private void Count(RequestOutcome outcome)
    {
        var cell = OutcomeCells.CellOf(outcome, outbound.Time.GetElapsedTime(started).TotalSeconds);
        (_endpoint?.Counters.Outcomes ?? _arm.Counters.Nowhere).Increment(cell);
        _firstVisit?.Increment(cell);
        if (_firstByte != 0)
            _arm.Counters.RecordFirstByte(outbound.Time.GetElapsedTime(started, _firstByte).TotalSeconds);
    }

    private Task EndNowhere()
    {
        Count(RequestOutcome.ConnectionFailure);
        Tale?.Finish(RequestOutcome.ConnectionFailure, requestBytes: null, responseBytes: null, firstByte: 0);
        _arm.Counters.RecordStatus(StatusCodes.Status503ServiceUnavailable);
        Leave(_arm);
        return PlainAnswers.NoEndpoint(context);
    }
}
