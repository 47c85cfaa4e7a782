namespace MeshCanary.Rollouts.Deciding;

/// <summary>An action that a person asked for and that was not decided on yet.</summary>
/// <param name="Kind">What.</param>
/// <param name="By">Who, for the audit.</param>
/// <param name="Reason">Why, in the person's words; may be empty.</param>
public sealed record RequestedAction(ActionKind Kind, string By, string Reason)
{
    /// <summary>The step to go to, from 1; for <see cref="ActionKind.Jump"/> alone.</summary>
    public int? Step { get; init; }
}
