namespace MeshCanary.Controller.Recording;

/// <summary>An entry of the decision log that is to be written.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">A stable word.</param>
/// <param name="Message">In plain words.</param>
/// <param name="RunId">The run it belongs to, or null.</param>
/// <param name="Origin">Who or what, and from where.</param>
internal sealed record EventEntry(DateTimeOffset At, string Kind, string Message, string? RunId, string Origin)
{
    /// <summary>Origin of what the controller decided by itself.</summary>
    public const string Controller = "controller";
}
