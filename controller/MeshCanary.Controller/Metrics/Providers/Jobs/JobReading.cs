using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using MeshCanary.Controller.Metrics.Providers.Reading;

namespace MeshCanary.Controller.Metrics.Providers.Jobs;

/// <summary>What a Job and its pod say.</summary>
internal static class JobReading
{
    /// <summary>The answer; null while there is none.</summary>
    public static MetricAnswer? Of(JsonElement job, JsonElement pods)
    {
        if (Condition(job, "Complete") is not null)
            return Value(1, job);
        if (Condition(job, "Failed") is not { } failed)
            return null;
        if (failed.Text("reason") == "DeadlineExceeded")
            return Fault($"the Job was stopped at its deadline{Waiting(pods)}. Raise job.deadline, or make it quicker");
        var items = Items(pods);
        if (items.Count == 0)
            return Fault($"the Job failed and its pod is gone, so it is not known why: {failed.Text("reason")} {failed.Text("message")}");
        foreach (var pod in items)
        {
            // Kubernetes took the pod away: that says nothing of what it was to find out.
            if (Condition(pod, "DisruptionTarget") is { } disruption)
                return Fault($"the Job's pod was taken away: {disruption.Text("reason")} {disruption.Text("message")}");
            var ended = Statuses(pod).Select(status => status.Find("state", "terminated")).OfType<JsonElement>().ToList();
            foreach (var end in ended.Where(end => end.Text("reason") is not "Error" and not "Completed"))
                return Fault($"the Job's container could not do its work: {end.Text("reason")} {end.Text("message")}".TrimEnd());
            if (ended.Exists(end => end.Find("exitCode") is { ValueKind: JsonValueKind.Number } code && code.GetInt64() != 0))
                return Value(0, job);
        }

        return Fault($"the Job failed, and no container of it ended with an exit code: {failed.Text("reason")} {failed.Text("message")}{Waiting(pods)}");
    }

    /// <summary>What the pod waits for, for messages; empty when it does not.</summary>
    public static string Waiting(JsonElement pods)
    {
        foreach (var pod in Items(pods))
        {
            foreach (var waiting in Statuses(pod).Select(status => status.Find("state", "waiting")).OfType<JsonElement>())
                return $"; its container waits: {waiting.Text("reason")} {waiting.Text("message")}".TrimEnd();
            if (Find(pod, "PodScheduled") is { } scheduled && scheduled.Text("status") == "False")
                return $"; its pod has no node: {scheduled.Text("message")}";
        }

        return "";
    }

    /// <summary>A text at a path, or empty.</summary>
    public static string Text(JsonElement json, params ReadOnlySpan<string> path) => json.Text(path);

    private static MetricAnswer.Values Value(double value, JsonElement job) =>
        new([new MetricValue(ImmutableDictionary<string, string>.Empty, value, DateTimeOffset.TryParse(job.Text("status", "completionTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null)]);

    private static MetricAnswer.Fault Fault(string reason) => new(FaultKind.Unreachable, reason);

    private static JsonElement? Condition(JsonElement json, string type) => Find(json, type) is { } found && found.Text("status") == "True" ? found : null;

    private static JsonElement? Find(JsonElement json, string type)
    {
        foreach (var condition in json.Find("status", "conditions") is { ValueKind: JsonValueKind.Array } conditions ? conditions.EnumerateArray() : default)
        {
            if (condition.Text("type") == type)
                return condition;
        }

        return null;
    }

    private static List<JsonElement> Items(JsonElement pods) => pods.Find("items") is { ValueKind: JsonValueKind.Array } items ? [.. items.EnumerateArray()] : [];

    private static IEnumerable<JsonElement> Statuses(JsonElement pod) =>
        from name in (string[])["initContainerStatuses", "containerStatuses"]
        let list = pod.Find("status", name)
        where list is { ValueKind: JsonValueKind.Array }
        from status in list.Value.EnumerateArray()
        select status;
}
