using MeshCanary.Proxy.Forwarding;
using MeshCanary.Proxy.Recording;
using MeshCanary.Splitting.Choosing;
using Yarp.ReverseProxy.Forwarder;

namespace MeshCanary.Proxy.Telling;

/// <summary>The words that log and spans use; those of the metrics.</summary>
internal static class TellingNames
{
    public const string ClientAbort = "client_abort";
    public const string NoRoute = "no_route";
    public const string NotConfigured = "not_configured";
    public const string Refused = "refused";
    public const string TurnedAway = "turned_away";

    public static string Of(RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Success => "success",
        RequestOutcome.ServerError => "server_error",
        RequestOutcome.GrpcError => "grpc_error",
        RequestOutcome.ConnectionFailure => "connection_failure",
        RequestOutcome.Timeout => "timeout",
        _ => ClientAbort,
    };

    public static string Of(DivertCause cause) => cause switch
    {
        DivertCause.NotReady => "not_ready",
        DivertCause.Circuit => "circuit",
        DivertCause.Budget => "budget",
        _ => "concurrency",
    };

    public static string Of(Arm arm) => arm == Arm.Canary ? "canary" : "stable";

    /// <summary>Why an endpoint could not be reached.</summary>
    public static string OfMiss(IForwarderErrorFeature? fault)
    {
        if (fault is not null && Attempts.TookTooLongToConnect(fault))
            return "connect_timeout";
        for (var cause = fault?.Exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError })
                return "name_resolution";
            if (cause is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
                return "tls";
        }

        return "unreachable";
    }
}
