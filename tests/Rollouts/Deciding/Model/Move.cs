namespace MeshCanary.Rollouts.Tests.Deciding.Model;

/// <summary>Something that happens to the world.</summary>
/// <param name="Kind">What.</param>
/// <param name="A">Which, or how much.</param>
/// <param name="B">Which, or how much.</param>
internal sealed record Move(MoveKind Kind, int A, int B);
