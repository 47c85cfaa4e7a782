using System.Collections.Immutable;
using System.Globalization;
using MeshCanary.Controller.Metrics.Providers;
using MeshCanary.Controller.Metrics.Providers.Secrets;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>Asks everything about one metric and one span of time. Whatever goes wrong is an absence with its reason.</summary>
internal sealed class SpanAsking(AskTools tools, AskOrder order, RunMetric metric, DateTimeOffset from, DateTimeOffset to)
{
    private const int Tries = 3;

    // Beyond a provider's own timeout: one that does not keep it must not hold a place for ever.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(20);

    /// <summary>A span that nothing is asked about.</summary>
    public static AskedSpan Unasked(RunMetric metric, DateTimeOffset from, DateTimeOffset to, string reason) =>
        new() { Metric = metric.Spec.Name, From = from, To = to, Absence = reason };

    /// <summary>Asks; throws only when it is cancelled.</summary>
    public async Task<AskedSpan> AskAsync(CancellationToken cancellation)
    {
        var template = metric.Query!;
        if (!tools.Providers.TryGetValue(template.Provider.Type, out var provider))
            return Unasked(metric, from, to, $"this controller knows no provider '{template.Provider.Type}'");
        var credentials = await SecretAsync(template, cancellation).ConfigureAwait(false);
        if (credentials.Problem is { } problem)
            return Unasked(metric, from, to, problem);
        var questions = Questions(template).ToArray();
        var answers = new MetricAnswer[questions.Length];
        for (var attempt = 1; ; attempt++)
        {
            await Task.WhenAll(Enumerable.Range(0, questions.Length).Where(place => answers[place] is null || IsWorthATry(answers[place])).Select(async place =>
                answers[place] = await OneAsync(provider, Question(template, questions[place].Query, credentials.Keys), cancellation).ConfigureAwait(false))).ConfigureAwait(false);
            if (attempt == Tries || !answers.Any(IsWorthATry))
                return Conclude(questions, answers);
            await Task.Delay(Pause(answers, attempt), tools.Time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<SecretContents> SecretAsync(MetricTemplateSpec template, CancellationToken cancellation)
    {
        if (template.Provider.SecretName is not { } name)
            return new SecretContents(ImmutableDictionary<string, string>.Empty);
        try
        {
            return await tools.Secrets.ReadAsync(order.Namespace, name, cancellation).WaitAsync(template.Timeout + Grace, tools.Time, cancellation).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a reader stumbles over: it is a missing answer, and never the end of the analysis.
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new SecretContents(ImmutableDictionary<string, string>.Empty, $"the Secret {order.Namespace}/{name} cannot be read: {failure.GetType().Name}");
        }
    }

    private async Task<MetricAnswer> OneAsync(IMetricProvider provider, MetricQuestion question, CancellationToken cancellation)
    {
        await tools.Places.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await provider.AskAsync(question, cancellation).WaitAsync(question.Timeout + Grace, tools.Time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new MetricAnswer.Fault(FaultKind.Timeout, FormattableString.Invariant($"{provider.Type} did not answer within {question.Timeout.TotalSeconds:0.###} s"));
        }
#pragma warning disable CA1031 // A provider that breaks its promise not to throw has no answer; nothing of its message is known to be fit to be told.
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new MetricAnswer.Fault(FaultKind.WrongShape, $"provider {provider.Type} failed by a {failure.GetType().Name}");
        }
        finally
        {
            tools.Places.Release();
        }
    }

    private AskedSpan Conclude((string Arm, string Query, bool IsTotal)[] questions, MetricAnswer[] answers)
    {
        var span = Unasked(metric, from, to, "") with
        {
            Questions = [.. questions.Zip(answers, (question, answer) => new AskedQuestion(question.Arm, question.Query, AnswerShape.Tell(answer)))],
        };
        MetricAnswer? Of(string arm, bool total)
        {
            var place = Array.FindIndex(questions, question => question.Arm == arm && question.IsTotal == total);
            return place < 0 ? null : answers[place];
        }

        var canary = AnswerShape.Read(metric.Kind, Of("canary", false)!, Of("canary", true), out var fault);
        if (canary is null)
            return span with { Absence = $"of the canary, {fault}" };
        if (!metric.BothArms)
            return span with { Absence = null, Canary = canary };
        return AnswerShape.Read(metric.Kind, Of("stable", false)!, Of("stable", true), out fault) is { } stable
            ? span with { Absence = null, Canary = canary, Stable = stable }
            : span with { Absence = $"of stable, {fault}" };
    }

    private IEnumerable<(string Arm, string Query, bool IsTotal)> Questions(MetricTemplateSpec template)
    {
        foreach (var values in metric.BothArms ? new[] { order.Canary, order.Stable } : [order.Canary])
        {
            var all = values.SetItems(Times()).SetItems(Arguments(template));
            yield return (values["arm"], Fill(template.Query, all), false);
            if (template.TotalQuery is { } total)
                yield return (values["arm"], Fill(total, all), true);
        }
    }

    private Dictionary<string, string> Times() => new(StringComparer.Ordinal)
    {
        ["interval"] = (to - from) is { Milliseconds: 0 } whole
            ? FormattableString.Invariant($"{whole.TotalSeconds:0}s")
            : FormattableString.Invariant($"{(to - from).TotalMilliseconds:0}ms"),
        ["from"] = from.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["to"] = to.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["fromUnix"] = from.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        ["toUnix"] = to.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
    };

    private IEnumerable<KeyValuePair<string, string>> Arguments(MetricTemplateSpec template) => template.Arguments.Select(known =>
        KeyValuePair.Create(known.Name, metric.Spec.Arguments.FirstOrDefault(given => given.Name == known.Name)?.Value ?? known.Value ?? ""));

    private static string Fill(string query, IReadOnlyDictionary<string, string> values) =>
        (QueryText.Read(query, out var fault) ?? throw new InvalidOperationException($"A query that was accepted cannot be read: {fault}.")).Fill(values);

    private MetricQuestion Question(MetricTemplateSpec template, string query, ImmutableDictionary<string, string> secret) => new()
    {
        Provider = template.Provider,
        Namespace = order.Namespace,
        Query = query,
        From = from,
        To = to,
        Timeout = template.Timeout,
        Credentials = secret,
    };

    private static bool IsWorthATry(MetricAnswer answer) =>
        answer is MetricAnswer.Fault { Kind: FaultKind.Unreachable or FaultKind.Timeout or FaultKind.RateLimited };

    private static TimeSpan Pause(MetricAnswer[] answers, int attempt)
    {
        var asked = answers.OfType<MetricAnswer.Fault>().Max(fault => fault.RetryAfter) ?? FirstPause * Math.Pow(3, attempt - 1);
        return asked < FirstPause ? FirstPause : asked > LongestPause ? LongestPause : asked;
    }
}
