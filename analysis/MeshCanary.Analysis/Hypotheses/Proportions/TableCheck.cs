namespace MeshCanary.Analysis.Hypotheses.Proportions;

/// <summary>Whether counts are counts. Every test of two proportions asks here first.</summary>
internal static class TableCheck
{
    /// <summary>Above this sums of counts would no longer be exact in a double.</summary>
    public const long Most = 1L << 50;

    /// <summary>What is wrong, in one sentence; null when the table can be used.</summary>
    public static string? Problem(TwoProportions data) =>
        Problem("canary", data.CanaryEvents, data.CanaryRequests) ?? Problem("stable", data.StableEvents, data.StableRequests);

    public static bool IsArm(long events, long requests) => requests is >= 0 and <= Most && events >= 0 && events <= requests;

    /// <summary>What makes the variance zero; null when there are both events and others.</summary>
    public static string? NoVariation(TwoProportions data)
    {
        var events = data.CanaryEvents + data.StableEvents;
        if (events == 0)
            return "There is no event in either arm, so the shares do not vary and the test has no variance.";
        return events == data.CanaryRequests + data.StableRequests ? "Every request of both arms is an event, so the shares do not vary and the test has no variance." : null;
    }

    private static string? Problem(string arm, long events, long requests)
    {
        if (requests == 0)
            return $"The {arm} has no requests.";
        if (requests is < 0 or > Most)
            return $"The {arm}'s number of requests, {requests}, is not between 1 and {Most}.";
        return events >= 0 && events <= requests ? null : $"The {arm}'s number of events, {events}, is not between 0 and its {requests} requests.";
    }
}
