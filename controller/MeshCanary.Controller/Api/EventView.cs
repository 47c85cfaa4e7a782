namespace MeshCanary.Controller.Api;

/// <summary>An entry of the decision log.</summary>
/// <param name="Id">Rises by one per entry.</param>
/// <param name="At">When.</param>
/// <param name="Kind">A stable word, such as <c>StepStarted</c>.</param>
/// <param name="Message">In plain words.</param>
/// <param name="RunId">The run it belongs to, or null.</param>
public sealed record EventView(long Id, DateTimeOffset At, string Kind, string Message, string? RunId)
{
    /// <summary>Who or what caused it, and from where; <c>controller</c> for what it decided by itself.</summary>
    public string Origin { get; init; } = "controller";
}
