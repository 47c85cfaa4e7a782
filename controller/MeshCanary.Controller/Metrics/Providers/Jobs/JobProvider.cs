using System.Text.Json;
using MeshCanary.Controller.Metrics.Providers.Http;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Providers.Jobs;

/// <summary>
/// Answers by the exit code of a Job: 1 for 0, 0 for any other. Whoever asks the same again meets the same Job, which runs once. A Job
/// that could not do its work (no image, no node, out of memory, evicted, over its deadline) is a fault and no 0. Thread-safe.
/// </summary>
internal sealed class JobProvider(ClusterAccess cluster, TimeProvider time) : IMetricProvider
{
    private static readonly ResourceType Jobs = new("batch", "v1", "jobs", "Job");
    private static readonly ResourceType Pods = new("", "v1", "pods", "Pod");
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public string Type => MetricProviderTypes.Job;

    /// <inheritdoc/>
    public async Task<MetricAnswer> AskAsync(MetricQuestion question, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(question.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var name = $"{question.Namespace}/{MetricJob.Name(question)}";
        var waits = "";
        try
        {
            var job = await FindOrMakeAsync(question, either.Token);
            while (true)
            {
                var pods = await PodsAsync(question, either.Token);
                if (JobReading.Of(job, pods) is { } answer)
                    return answer;
                waits = JobReading.Waiting(pods);
                await Task.Delay(Look, time, either.Token);
                job = await FindAsync(question, either.Token) ?? throw NoAnswerException.Of(FaultKind.Unreachable, $"the Job {name} was deleted before it ended");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new MetricAnswer.Fault(FaultKind.Timeout, $"the Job {name} has not ended within {question.Timeout.TotalSeconds:0.###} s{waits}; it goes on, and whoever asks again meets it") { RetryAfter = Look };
        }
        catch (NoAnswerException none)
        {
            return none.Answer;
        }
        catch (ApiException error)
        {
            return Fault(error);
        }
    }

    private static MetricAnswer.Fault Fault(ApiException error) => error.Kind switch
    {
        ApiErrorKind.Forbidden or ApiErrorKind.Unauthorized => new(FaultKind.Refused, $"{error.Message} Install with rbac.metricJobs=true, or let the controller's account create and get Jobs there by a Role of your own"),
        ApiErrorKind.TooManyRequests => new(FaultKind.RateLimited, error.Message) { RetryAfter = error.RetryAfter },
        ApiErrorKind.Invalid or ApiErrorKind.Refused or ApiErrorKind.NotFound => new(FaultKind.BadQuery, $"the Job cannot be made: {error.Message}"),
        ApiErrorKind.Garbled => new(FaultKind.WrongShape, error.Message),
        _ => new(FaultKind.Unreachable, error.Message) { RetryAfter = error.RetryAfter },
    };

    private async Task<JsonElement> FindOrMakeAsync(MetricQuestion question, CancellationToken cancellationToken)
    {
        if (await FindAsync(question, cancellationToken) is { } there)
            return there;
        var body = MetricJob.Of(question);
        (body["apiVersion"], body["kind"]) = ("batch/v1", "Job");
        var request = new ApiRequest("create", HttpMethod.Post, Jobs.Path(question.Namespace)) { Type = Jobs, Target = $"{question.Namespace}/{MetricJob.Name(question)}", Body = body.ToJsonString() };
        try
        {
            using var made = await cluster.Api.ReadAsync(request, cancellationToken);
            return made.RootElement.Clone();
        }
        catch (ApiException twice) when (twice.Kind == ApiErrorKind.AlreadyExists)
        {
            return await FindAsync(question, cancellationToken) ?? throw NoAnswerException.Of(FaultKind.Unreachable, twice.Message);
        }
    }

    private async Task<JsonElement?> FindAsync(MetricQuestion question, CancellationToken cancellationToken)
    {
        var name = MetricJob.Name(question);
        try
        {
            using var found = await cluster.Api.ReadAsync(
                new ApiRequest("get", HttpMethod.Get, Jobs.Path(question.Namespace, name)) { Type = Jobs, Target = $"{question.Namespace}/{name}", IsIdempotent = true }, cancellationToken);
            // One that somebody else made under this name says nothing.
            return JobReading.Text(found.RootElement, "metadata", "labels", MetricJob.Label) == "true"
                ? found.RootElement.Clone()
                : throw NoAnswerException.Of(FaultKind.BadQuery, $"there is a Job {question.Namespace}/{name} that is not ours. Delete it");
        }
        catch (ApiException none) when (none.Kind == ApiErrorKind.NotFound)
        {
            return null;
        }
    }

    private async Task<JsonElement> PodsAsync(MetricQuestion question, CancellationToken cancellationToken)
    {
        var request = new ApiRequest("list", HttpMethod.Get, Pods.Path(question.Namespace))
        {
            Type = Pods,
            Target = question.Namespace,
            IsIdempotent = true,
            Query = [new("labelSelector", $"job-name={MetricJob.Name(question)}")],
        };
        using var found = await cluster.Api.ReadAsync(request, cancellationToken);
        return found.RootElement.Clone();
    }
}
