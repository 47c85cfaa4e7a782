using System.Collections.Frozen;
using System.Collections.Immutable;
using MeshCanary.Controller.Metrics.Providers.Secrets;

namespace MeshCanary.Controller.Metrics.Providers;

/// <summary>
/// All metric providers, by type, behind one question. Here the promises are kept that hold for each of them: an answer in time, a value
/// that is a number or none, no exception, and no credentials in a reason. Thread-safe.
/// </summary>
/// <param name="providers">The providers; one of a type.</param>
/// <param name="secrets">Where credentials are.</param>
/// <param name="time">The clock.</param>
internal sealed class MetricProviders(IEnumerable<IMetricProvider> providers, ISecretReader secrets, TimeProvider time)
{
    private const int LongestReason = 600;

    // Providers keep the question's time themselves, and say more about it than this does.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly FrozenDictionary<string, IMetricProvider> _providers = providers.ToFrozenDictionary(provider => provider.Type, StringComparer.Ordinal);

    /// <summary>Reads the template's Secret, unless the question has its contents, and asks the provider of the question's type.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled from outside.</exception>
    public async Task<MetricAnswer> AskAsync(MetricQuestion question, CancellationToken cancellationToken)
    {
        if (!_providers.TryGetValue(question.Provider.Type, out var provider))
            return new MetricAnswer.Fault(FaultKind.BadQuery, $"there is no provider {question.Provider.Type} here. There are: {string.Join(", ", _providers.Keys.Order(StringComparer.Ordinal))}");
        using var limit = new CancellationTokenSource(question.Timeout + Grace, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            if (question.Provider.SecretName is { } name && question.Credentials.IsEmpty)
            {
                var secret = await secrets.ReadAsync(question.Namespace, name, either.Token);
                if (secret.Problem is { } problem)
                    return new MetricAnswer.Fault(secret.MayPass ? FaultKind.Unreachable : FaultKind.Refused, problem);
                question = question with { Credentials = secret.Keys };
            }

            return Guarded(await provider.AskAsync(question, either.Token), question);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new MetricAnswer.Fault(FaultKind.Timeout, $"{question.Provider.Type} did not answer within {question.Timeout.TotalSeconds:0.###} s");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // What no provider foresaw is a fault of the answer all the same: a canary is held by it, and nothing else stops.
            return Guarded(new MetricAnswer.Fault(FaultKind.WrongShape, $"the answer of {question.Provider.Type} was not understood ({error.GetType().Name}): {error.Message}"), question);
        }
    }

    private static MetricAnswer Guarded(MetricAnswer answer, MetricQuestion question) => answer switch
    {
        MetricAnswer.Values { Found: { IsDefaultOrEmpty: false } found } when found.All(value => double.IsFinite(value.Value)) => answer,
        MetricAnswer.Values { Found.IsDefaultOrEmpty: true } => new MetricAnswer.Nothing("the answer has no number"),
        MetricAnswer.Values => new MetricAnswer.Nothing("a number of the answer is not finite"),
        MetricAnswer.Nothing nothing => nothing with { Reason = Plain(nothing.Reason, question.Credentials) },
        MetricAnswer.Fault fault => fault with { Reason = Plain(fault.Reason, question.Credentials) },
        _ => new MetricAnswer.Fault(FaultKind.WrongShape, $"{question.Provider.Type} gave no answer"),
    };

    // Servers may echo what they were shown.
    private static string Plain(string reason, ImmutableDictionary<string, string> credentials)
    {
        foreach (var value in credentials.Values.Select(value => value.Trim()).Where(value => value.Length >= 4).OrderByDescending(value => value.Length))
            reason = reason.Replace(value, "•••", StringComparison.OrdinalIgnoreCase);
        return reason.Length <= LongestReason ? reason : reason[..LongestReason] + "…";
    }
}
