namespace MeshCanary.Cli.Hosting;

/// <summary>What the process ends with: a promise to pipelines.</summary>
public static class ExitCode
{
    /// <summary>Done; for <c>status</c>: the newest version is stable.</summary>
    public const int Success = 0;

    /// <summary>Something failed; standard error says what and what to do.</summary>
    public const int Error = 1;

    /// <summary>The command line was not understood.</summary>
    public const int BadUsage = 2;

    /// <summary>The version was rolled back, aborted or superseded.</summary>
    public const int RolledBack = 3;

    /// <summary>The rollout waits for a person.</summary>
    public const int WaitsForPerson = 4;

    /// <summary>The time given with <c>--timeout</c> is over; the rollout goes on.</summary>
    public const int TimedOut = 5;

    /// <summary>The rollout is still under way (<c>status</c> without <c>--wait</c>).</summary>
    public const int UnderWay = 6;

    /// <summary>Ended by SIGHUP before it was done: the terminal went away.</summary>
    public const int HungUp = 129;

    /// <summary>Ended by Ctrl-C before it was done.</summary>
    public const int Interrupted = 130;

    /// <summary>Ended by SIGTERM before it was done.</summary>
    public const int Terminated = 143;
}
