using System.Net;
using MeshCanary.Controller.Recording;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Api;

/// <summary>Stands before every endpoint: refuses what is not meant for this API, and turns failures into answers.</summary>
internal sealed partial class ApiGuard(RequestDelegate next, ILogger<ApiGuard> logger)
{
    /// <summary>Serves a request.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        // The API asks for no credentials and is served on loopback: a name that somebody points there must not reach it.
        if (!IsLoopback(http.Request.Host.Host))
        {
            await Answers.Problem(StatusCodes.Status421MisdirectedRequest, "Not this host", $"This API answers to localhost only, not to {http.Request.Host.Host}.").ExecuteAsync(http).ConfigureAwait(false);
            return;
        }

        try
        {
            await next(http).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client does not wait for an answer any more.
        }
#pragma warning disable CA1031 // Any failure becomes an answer.
        catch (Exception failure) when (!http.Response.HasStarted)
#pragma warning restore CA1031
        {
            LogFailed(http.Request.Method, http.Request.Path, failure);
            var answer = failure is StoreUnavailableException
                ? Answers.Problem(StatusCodes.Status503ServiceUnavailable, "The state cannot be read", failure.Message)
                : Answers.Problem(StatusCodes.Status500InternalServerError, "The controller failed", $"{failure.GetType().Name}: {failure.Message} See the controller's log.");
            await answer.ExecuteAsync(http).ConfigureAwait(false);
        }
    }

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private partial void LogFailed(string method, string path, Exception failure);
}
