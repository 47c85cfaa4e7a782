using System.Collections.Immutable;
using MeshCanary.Controller.Reconciling;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Workloads;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MeshCanary.Controller.Api;

/// <summary>What people and pipelines ask for.</summary>
internal static class RequestEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder api, ApiParts parts)
    {
        api.MapPost("/canaries/{ns}/{name}/revisions", (string ns, string name, HttpContext http) => AnnounceAsync(parts, ns, name, http));
        api.MapPost("/canaries/{ns}/{name}/actions", (string ns, string name, HttpContext http) => ActAsync(parts, ns, name, http));
    }

    private static async Task<IResult> AnnounceAsync(ApiParts parts, string ns, string name, HttpContext http)
    {
        var (body, fault) = await Answers.ReadAsync<RevisionRequest>(http.Request, http.RequestAborted).ConfigureAwait(false);
        if (body is null)
            return fault!;
        if (parts.Canaries.Find($"{ns}/{name}") is not { } canary)
            return Answers.NoCanary(ns, name);
        if (Revision.Create(body.Revision, body.Addresses.IsDefault ? [] : body.Addresses, out var errors) is not { } revision)
            return Answers.Problem(StatusCodes.Status400BadRequest, "The revision is not valid", string.Join(" ", errors), errors);
        var record = canary.Worker.State.Record;
        var forced = string.Equals(http.Request.Query["force"], "true", StringComparison.OrdinalIgnoreCase);
        if (!forced && AnnounceRules.Judge(record, revision).Outcome == RequestOutcome.Accepted
            && await UnreachableAsync(parts, record, revision, http.RequestAborted).ConfigureAwait(false) is { IsEmpty: false } silent)
        {
            return Answers.Problem(
                StatusCodes.Status422UnprocessableEntity,
                "No address answers",
                $"No address of revision {revision.Name} answers: {string.Join("; ", silent)}. Start it first, or announce it anyway with ?force=true.",
                silent);
        }

        return await AskAsync(parts, canary, new AnnounceRequest(revision, Origin(http)), http.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<IResult> ActAsync(ApiParts parts, string ns, string name, HttpContext http)
    {
        var (body, fault) = await Answers.ReadAsync<ActionRequest>(http.Request, http.RequestAborted).ConfigureAwait(false);
        if (body is null)
            return fault!;
        if (parts.Canaries.Find($"{ns}/{name}") is not { } canary)
            return Answers.NoCanary(ns, name);
        if (Enum.GetValues<ActionKind>().Where(kind => string.Equals(kind.ToString(), body.Action, StringComparison.OrdinalIgnoreCase)).ToList() is not [var action])
            return Answers.Problem(StatusCodes.Status400BadRequest, "No such action", $"There is no action '{body.Action}'; there are pause, resume, approve, reject, abort, retry, promote, skip, jump and restart.");
        if (body.Step is not null != (action is ActionKind.Jump))
            return Answers.Problem(StatusCodes.Status400BadRequest, "No step, or one too many", "The action jump needs a 'step', a number from 1; other actions take none.");
        return await AskAsync(parts, canary, new ActRequest(action, body.Reason ?? "", Origin(http)) { Step = body.Step }, http.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<IResult> AskAsync(ApiParts parts, ControlledCanary canary, CanaryRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await canary.Worker.AskAsync(request, cancellationToken).WaitAsync(Patience, parts.Time, cancellationToken).ConfigureAwait(false);
            return answer.Outcome switch
            {
                RequestOutcome.Refused => Answers.Problem(StatusCodes.Status409Conflict, "Not now", $"{canary.Worker.Key}: {answer.Reason}."),
                RequestOutcome.NothingToDo => Answers.Of(canary.Feed.View),
                _ => Answers.Of(canary.Feed.View, StatusCodes.Status202Accepted),
            };
        }
        catch (StoreUnavailableException failure)
        {
            return Answers.Problem(StatusCodes.Status503ServiceUnavailable, "It could not be stored", $"Nothing was changed. {failure.Message}");
        }
        catch (TimeoutException)
        {
            return Answers.Problem(StatusCodes.Status503ServiceUnavailable, "No answer in time", $"{canary.Worker.Key} is busy; look at its state before asking again.");
        }
    }

    private static async Task<ImmutableArray<string>> UnreachableAsync(ApiParts parts, CanaryRecord record, Revision revision, CancellationToken cancellationToken)
    {
        var faults = await Task.WhenAll(revision.Addresses.Select(async address =>
        {
            var fault = await parts.Probe.ProbeAsync(address, LookingAt.Of(record.Manifest.Spec), cancellationToken).ConfigureAwait(false);
            return fault is null ? null : $"{address}: {fault}";
        })).ConfigureAwait(false);
        return faults.Contains(null) ? [] : [.. faults.OfType<string>()];
    }

    private static string Origin(HttpContext http) => $"API client at {http.Connection.RemoteIpAddress}";
}
