using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Metrics.Providers.Http;

namespace MeshCanary.Controller.Metrics.Providers.Jobs;

/// <summary>The Job that answers a question. The same question has the same name, so that it is asked once whoever asks, and after whatever restart.</summary>
internal static class MetricJob
{
    /// <summary>Label on it, <c>true</c>.</summary>
    public const string Label = ApiNames.Prefix + "metric-job";

    /// <summary>How long it stays when it has ended: as long as its answer may be asked for again.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);

    /// <summary>Its name.</summary>
    public static string Name(MetricQuestion question)
    {
        var text = new StringBuilder();
        foreach (var part in (string[])[question.Namespace, question.Query, Time(question.From), Time(question.To), question.Provider.Job!.Template])
            text.Append(part.Length).Append(':').Append(part);
        return $"meshcanary-metric-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..20]}";
    }

    /// <summary>It as it is made: the user's template, once, for a limited time, told what it is about.</summary>
    /// <exception cref="NoAnswerException">The template is none.</exception>
    public static JsonObject Of(MetricQuestion question)
    {
        if (JsonNode.Parse(question.Provider.Job!.Template) is not JsonObject template || template["spec"] is not JsonObject spec || spec["template"]?["spec"] is not JsonObject pod || pod["containers"] is not JsonArray containers)
            throw NoAnswerException.Of(FaultKind.BadQuery, "the template of the Job has no spec.template.spec.containers. Write it as in a CronJob's jobTemplate");
        foreach (var alone in (string[])["completionMode", "podFailurePolicy", "successPolicy", "selector", "manualSelector", "backoffLimitPerIndex", "maxFailedIndexes", "podReplacementPolicy", "suspend"])
            spec.Remove(alone);
        spec["parallelism"] = 1;
        spec["completions"] = 1;
        // Once: a check that fails at first and passes at second is a failure.
        spec["backoffLimit"] = 0;
        spec["activeDeadlineSeconds"] = (long)question.Provider.Job.Deadline.TotalSeconds;
        spec["ttlSecondsAfterFinished"] = (long)Kept.TotalSeconds;
        pod["restartPolicy"] = "Never";
        foreach (var list in new[] { containers, pod["initContainers"] as JsonArray })
        {
            foreach (var container in list?.OfType<JsonObject>() ?? [])
                Tell(container, question);
        }

        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = Name(question),
                ["namespace"] = question.Namespace,
                ["labels"] = Labels(template["metadata"]?["labels"]),
                ["annotations"] = template["metadata"]?["annotations"]?.DeepClone(),
            },
            ["spec"] = spec.DeepClone(),
        };
    }

    private static JsonObject Labels(JsonNode? given)
    {
        var labels = given?.DeepClone() as JsonObject ?? [];
        labels[Label] = "true";
        return labels;
    }

    // By the environment, since text in a command could become a command.
    private static void Tell(JsonObject container, MetricQuestion question)
    {
        if (container["env"] is not JsonArray environment)
            container["env"] = environment = [];
        foreach (var (name, value) in ((string, string)[])[("MESHCANARY_QUERY", question.Query), ("MESHCANARY_FROM", Time(question.From)), ("MESHCANARY_TO", Time(question.To))])
        {
            foreach (var same in environment.Where(entry => (string?)entry?["name"] == name).ToList())
                environment.Remove(same);
            environment.Add(new JsonObject { ["name"] = name, ["value"] = value.Replace("$(", "$$(", StringComparison.Ordinal) });
        }
    }

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
