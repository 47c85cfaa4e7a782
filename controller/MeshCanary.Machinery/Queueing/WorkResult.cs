namespace MeshCanary.Machinery.Queueing;

/// <summary>What a handler asks for after it did its work.</summary>
/// <param name="Again">When the key shall be worked on again without a further reason, or null for not at all.</param>
public readonly record struct WorkResult(TimeSpan? Again)
{
    /// <summary>Nothing more, until somebody adds the key.</summary>
    public static WorkResult Done => default;

    /// <summary>Once more after a time, or sooner when somebody adds the key.</summary>
    /// <param name="delay">The time.</param>
    public static WorkResult After(TimeSpan delay) => new(delay);
}
