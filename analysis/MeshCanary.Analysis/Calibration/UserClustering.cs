using System.Globalization;

namespace MeshCanary.Analysis.Calibration;

/// <summary>
/// With sticky users it is users who are drawn for an arm, so requests of one user are one cluster. These pure functions
/// estimate the design effect, by which evidence counted in requests is to be tempered.
/// Kish 1965, "Survey Sampling"; Rao and Scott 1992, Biometrics 48:577.
/// </summary>
public static class UserClustering
{
    /// <summary>Clusters below which the estimate would be chance.</summary>
    public const int MinimumClusters = 30;

    /// <summary>Random groups below which the estimate would be chance.</summary>
    public const int MinimumGroups = 13;

    private const double FalseAlarmRate = 0.01;

    /// <summary>
    /// From one entry a user: d = v/(p(1 − p)/n), with the variance of the ratio estimator p = Σx/Σn under drawing of users,
    /// v = m/(m − 1)·Σ(x_i − p·n_i)²/n², n = Σn_i, over the m users with requests (Rao and Scott 1992). Users of unequal size need
    /// no other treatment.
    /// </summary>
    /// <exception cref="ArgumentException">An entry does not have 0 ≤ events ≤ requests, or there are more than 10^15 requests in all.</exception>
    public static DesignEffect FromUsers(ReadOnlySpan<UserCounts> users) => Estimate(users, MinimumClusters, "users", static (one, share) =>
    {
        var residual = one.Events - (share * one.Requests);
        return residual * residual;
    }, perRequest: true);

    /// <summary>
    /// From the totals of random groups of users, such as halves of user-level A/A splits: Pearson's
    /// d = Σ (x_g − p·n_g)²/(n_g·p(1 − p))/(G − 1) over the G groups with requests (McCullagh and Nelder 1989, section 4.5).
    /// </summary>
    /// <exception cref="ArgumentException">An entry does not have 0 ≤ events ≤ requests, or there are more than 10^15 requests in all.</exception>
    public static DesignEffect FromGroups(ReadOnlySpan<UserCounts> groups) => Estimate(groups, MinimumGroups, "groups", static (one, share) =>
    {
        var residual = one.Events - (share * one.Requests);
        return residual * residual / one.Requests;
    }, perRequest: false);

    private static DesignEffect Estimate(ReadOnlySpan<UserCounts> clusters, int minimum, string name, Func<UserCounts, double, double> square, bool perRequest)
    {
        const long Most = 1_000_000_000_000_000;
        var (count, requests, events, squaredSizes) = (0, 0L, 0L, 0.0);
        foreach (var one in clusters)
        {
            if (one.Events < 0 || one.Requests < one.Events || one.Requests > Most - requests)
                throw new ArgumentException($"{one} is no count: 0 ≤ events ≤ requests, and at most 10^15 requests in all.", nameof(clusters));
            if (one.Requests == 0)
                continue;
            (count, requests, events) = (count + 1, requests + one.Requests, events + one.Events);
            squaredSizes += (double)one.Requests * one.Requests;
        }

        var effect = new DesignEffect
        {
            Overdispersion = null,
            Clusters = count,
            Requests = requests,
            Share = requests > 0 ? (double)events / requests : 0,
            ClusterSize = requests > 0 ? squaredSizes / requests : 0,
        };
        if (count < minimum)
            return effect with { Reason = string.Create(CultureInfo.InvariantCulture, $"There were {count} {name} with requests; {minimum} are needed.") };
        if (events == 0 || events == requests)
            return effect with { Reason = string.Create(CultureInfo.InvariantCulture, $"{events} of {requests} requests were bad, so clusters cannot be told from chance.") };
        var sum = 0.0;
        foreach (var one in clusters)
        {
            if (one.Requests > 0)
                sum += square(one, effect.Share);
        }

        // n·v = m/(m − 1)·Σr²/n for users; Pearson's statistic over G − 1 for groups. Both over p(1 − p).
        var scaled = perRequest ? sum / requests * count / (count - 1) : sum / (count - 1);
        var measured = scaled / (effect.Share * (1 - effect.Share));
        return effect with
        {
            Measured = measured,
            Overdispersion = Math.Max(1, measured * SmallSample.Factor(count - 1, FalseAlarmRate)),
        };
    }
}
