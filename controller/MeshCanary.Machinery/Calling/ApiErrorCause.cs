namespace MeshCanary.Machinery.Calling;

/// <summary>One reason of a refusal.</summary>
/// <param name="Field">Which field, such as <c>spec.replicas</c>; empty when none is named.</param>
/// <param name="Message">What is wrong with it.</param>
/// <param name="Reason">The server's name for it, such as <c>FieldValueInvalid</c> or <c>FieldManagerConflict</c>.</param>
public sealed record ApiErrorCause(string Field, string Message, string Reason)
{
    /// <summary><c>field: message</c>.</summary>
    public override string ToString() => Field.Length == 0 ? Message : $"{Field}: {Message}";
}
