using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Upstreams;

/// <summary>
/// Forwards a request to an upstream that speaks HTTP/1.1 without TLS, and its response back: the common case, at a
/// fraction of the work of the forwarder that speaks everything. It ends as that one does, error for error. Any thread.
/// </summary>
internal static class Http1Forwarder
{
    private const int Cancelled = 8;
    private const int InternalError = 2;

    /// <summary>Whether a request can go this way: all but those that become something else than a request.</summary>
    public static bool CanForward(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true }
        && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true };

    /// <summary>Forwards a request.</summary>
    /// <param name="context">The client's request, and where its response goes.</param>
    /// <param name="pool">The endpoint.</param>
    /// <param name="edits">What changes on the way.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    /// <returns>How it ended; what is not <see cref="ForwarderError.None"/> is also told by <see cref="IForwarderErrorFeature"/>.</returns>
    public static async ValueTask<ForwarderError> SendAsync(HttpContext context, Http1Pool pool, IHttp1Edits edits, CancellationToken cancellationToken)
    {
        try
        {
            if (pool.TryTake(out var idle) is { } connection && await TryAsync(context, connection, idle, edits, cancellationToken).ConfigureAwait(false))
                return ForwarderError.None;
            connection = await OpenAsync(context, pool, edits.MayGoElsewhere, cancellationToken).ConfigureAwait(false);
            await new Http1Exchange(context, edits, connection, pool.Time).RunAsync(cancellationToken).ConfigureAwait(false);
            return ForwarderError.None;
        }
        catch (Http1Fault fault)
        {
            return Tell(context, fault);
        }
    }

    // False when the connection had ended before the request arrived.
    private static async ValueTask<bool> TryAsync(
        HttpContext context, Http1Connection connection, TimeSpan idle, IHttp1Edits edits, CancellationToken cancellationToken)
    {
        var time = connection.Pool.Time;
        var exchange = new Http1Exchange(context, edits, connection, time);
        try
        {
            await exchange.RunAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Http1Fault fault) when (FaultOf.MayRepeat(fault, exchange, idle, context, time))
        {
            return false;
        }
    }

    private static async ValueTask<Http1Connection> OpenAsync(HttpContext context, Http1Pool pool, bool mayGoElsewhere, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, cancellationToken);
        try
        {
            return await pool.OpenAsync(mayGoElsewhere, limit.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is, there is no connection.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            throw FaultOf.NoConnection(failure, context);
        }
    }

    private static ForwarderError Tell(HttpContext context, Http1Fault fault)
    {
        context.Features.Set<IForwarderErrorFeature>(new ForwardingErrorFeature(fault.Error, fault.Cause));
        if (context.Response.HasStarted)
        {
            // Breaks it off, so that the client does not take what it has for the whole.
            if (context.Features.Get<IHttpResetFeature>() is { } stream)
                stream.Reset(fault.Error is ForwarderError.ResponseBodyCanceled ? Cancelled : InternalError);
            else
                context.Abort();
            return fault.Error;
        }

        if (fault.AfterHead)
            context.Response.Clear();
        context.Response.StatusCode = fault.Status;
        return fault.Error;
    }
}
