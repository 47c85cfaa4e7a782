namespace MeshCanary.Proxy.Recording;

/// <summary>Draws of both arms: those drawn for themselves alone, and those of users who brought their key along.</summary>
internal readonly record struct DrawTotals(long Stable, long Canary, long RepeatStable, long RepeatCanary);
