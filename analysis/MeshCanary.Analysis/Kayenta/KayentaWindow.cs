namespace MeshCanary.Analysis.Kayenta;

/// <summary>The time that one judgement looks at, from the start on, without the end.</summary>
/// <param name="Start">Start of the canary's window (UTC).</param>
/// <param name="End">End of the canary's window (UTC).</param>
/// <param name="ControlStart">Start of the baseline's window (UTC).</param>
/// <param name="ControlEnd">End of the baseline's window (UTC).</param>
public sealed record KayentaWindow(DateTimeOffset Start, DateTimeOffset End, DateTimeOffset ControlStart, DateTimeOffset ControlEnd);
