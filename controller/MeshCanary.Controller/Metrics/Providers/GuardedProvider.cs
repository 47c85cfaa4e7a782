using System.Collections.Immutable;
using System.Text;

namespace MeshCanary.Controller.Metrics.Providers;

/// <summary>
/// Keeps the promises of <see cref="IMetricProvider"/> for a provider that breaks them: an answer in time, numbers or none, no
/// exception, and no credentials in a reason. Thread-safe.
/// </summary>
/// <param name="inner">The provider.</param>
/// <param name="time">The clock.</param>
internal sealed class GuardedProvider(IMetricProvider inner, TimeProvider time) : IMetricProvider
{
    private const int LongestReason = 600;

    // Providers keep the question's time themselves, and say more about it than this does.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public string Type => inner.Type;

    /// <inheritdoc/>
    public async Task<MetricAnswer> AskAsync(MetricQuestion question, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(question.Timeout + Grace, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return Checked(await inner.AskAsync(question, either.Token), question);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return new MetricAnswer.Fault(FaultKind.Timeout, $"{Type} did not answer within {question.Timeout.TotalSeconds:0.###} s");
        }
#pragma warning disable CA1031 // What no provider foresaw is a fault of the answer all the same: a canary is held by it, and nothing else stops.
        catch (Exception error)
#pragma warning restore CA1031
        {
            // Of its message it is not known whether it is fit to be told.
            return new MetricAnswer.Fault(FaultKind.WrongShape, $"the answer of {Type} was not understood ({error.GetType().Name})");
        }
    }

    private MetricAnswer Checked(MetricAnswer? answer, MetricQuestion question) => answer switch
    {
        MetricAnswer.Values { Found: { IsDefaultOrEmpty: false } found } when found.All(value => double.IsFinite(value.Value)) => answer,
        MetricAnswer.Values { Found.IsDefaultOrEmpty: true } => new MetricAnswer.Nothing("the answer has no number"),
        MetricAnswer.Values => new MetricAnswer.Nothing("a number of the answer is not finite"),
        MetricAnswer.Nothing nothing => nothing with { Reason = Plain(nothing.Reason, question.Credentials) },
        MetricAnswer.Fault fault => fault with { Reason = Plain(fault.Reason, question.Credentials) },
        _ => new MetricAnswer.Fault(FaultKind.WrongShape, $"{Type} gave no answer"),
    };

    // Servers may echo what they were shown.
    private static string Plain(string reason, ImmutableDictionary<string, string> credentials)
    {
        foreach (var value in Hidden(credentials).Where(value => value.Length >= 4).OrderByDescending(value => value.Length))
            reason = reason.Replace(value, "•••", StringComparison.OrdinalIgnoreCase);
        return reason.Length <= LongestReason ? reason : reason[..LongestReason] + "…";
    }

    // Names and certificates are no secrets, and a name may well be a part of an address.
    private static IEnumerable<string> Hidden(ImmutableDictionary<string, string> credentials)
    {
        foreach (var (key, value) in credentials)
        {
            if (key is not (CredentialKeys.User or CredentialKeys.Authority or CredentialKeys.Certificate))
                yield return value.Trim();
        }

        if (credentials.TryGetValue(CredentialKeys.User, out var user) && credentials.TryGetValue(CredentialKeys.Password, out var password))
            yield return Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user.Trim()}:{password.Trim()}"));
    }
}
