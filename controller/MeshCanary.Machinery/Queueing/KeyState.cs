namespace MeshCanary.Machinery.Queueing;

/// <summary>What a queue knows of one key. Guarded by the queue's lock.</summary>
internal sealed class KeyState
{
    /// <summary>It waits for a worker.</summary>
    public bool IsReady { get; set; }

    /// <summary>A worker has it.</summary>
    public bool IsWorking { get; set; }

    /// <summary>It was added while a worker had it.</summary>
    public bool IsDirty { get; set; }

    /// <summary>When it becomes ready by itself, as a timestamp.</summary>
    public long? Due { get; set; }

    /// <summary>Since when it is ready, as a timestamp.</summary>
    public long ReadySince { get; set; }

    /// <summary>When work on it last ended, as a timestamp.</summary>
    public long Ended { get; set; }

    /// <summary>Failures in a row, of any kind: what the pause grows by.</summary>
    public int Failures { get; set; }

    /// <summary>Failures in a row that are the key's own: what quarantines.</summary>
    public int OwnFailures { get; set; }

    public bool IsQuarantined { get; set; }

    /// <summary>Nothing is left to remember.</summary>
    public bool IsIdle => !IsReady && !IsWorking && !IsDirty && Due is null && Failures == 0;
}
