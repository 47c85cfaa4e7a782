namespace MeshCanary.Proxy.Recording;

/// <summary>
/// How the first request of each user of a sticky route ended, while two revisions share it. With sticky users it is the
/// user who is drawn, once; further requests of the same user are no further draws.
/// </summary>
internal sealed class FirstVisits(string route, string stableRevision, string canaryRevision, string key, int mostUsers)
{
    /// <summary>Users of one route that are remembered for one run.</summary>
    public const int MostUsers = 1_000_000;

    private readonly UserSet _users = new(mostUsers);
    private readonly StripedCells _uncounted = new(1);

    public string Route { get; } = route;

    public string StableRevision { get; } = stableRevision;

    public string CanaryRevision { get; } = canaryRevision;

    /// <summary>Name of what holds the user key: with another one, users are others.</summary>
    public string Key { get; } = key;

    public OutcomeCells Stable { get; } = new();

    public OutcomeCells Canary { get; } = new();

    /// <summary>Requests of users that could not be told new from known.</summary>
    public long Uncounted => _uncounted.Sum(0);

    /// <summary>Whether this is the first request of the user with this hash; true once for each.</summary>
    public bool Enter(ulong user)
    {
        var entry = _users.Add(user);
        if (entry == UserEntry.Full)
            _uncounted.Increment(0);
        return entry == UserEntry.New;
    }
}
