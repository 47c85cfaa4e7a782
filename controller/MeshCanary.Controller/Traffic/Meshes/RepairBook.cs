namespace MeshCanary.Controller.Traffic.Meshes;

/// <summary>How often somebody else's changes were taken back lately: two who write the same field must not fight. One Canary; one look at a time.</summary>
/// <param name="time">The clock.</param>
internal sealed class RepairBook(TimeProvider time)
{
    /// <summary>Repairs within <see cref="Window"/>.</summary>
    public const int Most = 4;

    private readonly Queue<long> _repairs = new();

    /// <summary>How long a repair counts.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether one more may be made now.</summary>
    public bool MayRepair()
    {
        while (_repairs.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= Window)
            _repairs.Dequeue();
        return _repairs.Count < Most;
    }

    /// <summary>One was made.</summary>
    public void Note() => _repairs.Enqueue(time.GetTimestamp());
}
