using System.Globalization;

namespace MeshCanary.TestCluster.Faults;

/// <summary>What goes wrong with a call.</summary>
public abstract record Fault
{
    private Fault()
    {
    }

    /// <summary>No answer, for as long as the fault lasts; then the connection breaks.</summary>
    public static Fault Hang { get; } = new Stall(null);

    /// <summary>The connection breaks before an answer. Also breaks watches that are open.</summary>
    public static Fault Reset { get; } = new Break();

    /// <summary>Watches stay open and bring nothing, for as long as the fault lasts; what happens meanwhile is lost.</summary>
    public static Fault SilentWatch { get; } = OnEvent(_ => EventFate.Drop);

    /// <summary>A write is refused as made on an old version of the object.</summary>
    public static Fault Conflict { get; } = Status(409, "Conflict");

    /// <summary>The version or the page that is asked for does not exist any more: on lists and at the start of watches.</summary>
    public static Fault Gone { get; } = Status(410, "Expired");

    /// <summary>An answer of the server's own kind, without the server.</summary>
    /// <param name="code">The HTTP status.</param>
    /// <param name="reason">The reason in the body.</param>
    /// <param name="retryAfter">When to come again, in the header of that name.</param>
    public static Fault Status(int code, string reason = "InternalError", TimeSpan? retryAfter = null) => new Answer(code, reason, retryAfter);

    /// <summary>The call passes, but later.</summary>
    /// <param name="delay">How much later.</param>
    public static Fault Slow(TimeSpan delay) => new Stall(delay);

    /// <summary>Something happens to events of watches, also of those that are open.</summary>
    /// <param name="fate">Says what, from the event's JSON.</param>
    public static Fault OnEvent(Func<string, EventFate> fate) => new Events(fate);

    internal sealed record Answer(int Code, string Reason, TimeSpan? RetryAfter) : Fault
    {
        public string Body => string.Create(CultureInfo.InvariantCulture,
            $$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"a fault of the test","reason":"{{Reason}}","code":{{Code}}}""");
    }

    internal sealed record Stall(TimeSpan? Delay) : Fault;

    internal sealed record Break : Fault;

    internal sealed record Events(Func<string, EventFate> Fate) : Fault;
}
