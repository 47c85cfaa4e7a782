namespace MeshCanary.Rollouts.Specs;

/// <summary>A person's consent.</summary>
/// <param name="Timeout">How long it is waited for.</param>
/// <param name="OnTimeout">What then happens.</param>
public sealed record ApprovalSpec(TimeSpan Timeout, TimeoutAction OnTimeout);
