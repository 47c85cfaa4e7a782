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
            if (!http.Response.HasStarted && AnswerToNobody(http) is { } answer)
                await answer.ExecuteAsync(http).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client does not wait for an answer any more.
        }
#pragma warning disable CA1031 // Any failure becomes an answer.
        catch (Exception failure) when (!http.Response.HasStarted)
#pragma warning restore CA1031
        {
            await AnswerTo(http, failure).ExecuteAsync(http).ConfigureAwait(false);
        }
    }

    // What no endpoint took; the router has set the status and, for another method, which ones there are.
    private static IResult? AnswerToNobody(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status405MethodNotAllowed => Answers.Problem(
            StatusCodes.Status405MethodNotAllowed, "Not with this method", $"{http.Request.Path} does not take {http.Request.Method}, but {http.Response.Headers.Allow}."),
        StatusCodes.Status404NotFound when http.GetEndpoint() is null => Answers.Problem(
            StatusCodes.Status404NotFound, "No such page", $"There is nothing at {http.Request.Path}."),
        _ => null,
    };

    private IResult AnswerTo(HttpContext http, Exception failure)
    {
        switch (failure)
        {
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return Answers.Problem(StatusCodes.Status413PayloadTooLarge, "The body is too long", "A body may have 1 MiB at most.");
            case BadHttpRequestException bad:
                return Answers.Problem(bad.StatusCode, "The request cannot be read", bad.Message);
            case StoreUnavailableException:
                LogHeld(http.Request.Method, http.Request.Path, failure.Message);
                return Answers.Problem(StatusCodes.Status503ServiceUnavailable, "The state cannot be read", failure.Message);
            default:
                LogFailed(http.Request.Method, http.Request.Path, failure);
                return Answers.Problem(StatusCodes.Status500InternalServerError, "The controller failed", $"An unexpected fault: {failure.Message.TrimEnd('.')}. See the controller's log.");
        }
    }

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed: {Reason}")]
    private partial void LogHeld(string method, string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private partial void LogFailed(string method, string path, Exception failure);
}
