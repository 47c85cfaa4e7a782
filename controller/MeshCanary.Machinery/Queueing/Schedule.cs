namespace MeshCanary.Machinery.Queueing;

/// <summary>Keys and when they are ready: one that waits for a worker, or for a time. Not thread-safe.</summary>
internal sealed class Schedule<TKey>(TimeProvider time)
    where TKey : notnull
{
    private readonly Dictionary<TKey, KeyState> _states = [];
    private readonly Queue<TKey> _ready = new();
    private readonly PriorityQueue<TKey, long> _delayed = new();

    /// <summary>Keys that wait for a worker.</summary>
    public int Ready => _ready.Count;

    /// <summary>Keys that wait for a time.</summary>
    public int Delayed { get; private set; }

    /// <summary>What is known of a key, new if nothing is.</summary>
    public KeyState this[TKey key]
    {
        get
        {
            if (!_states.TryGetValue(key, out var state))
                _states[key] = state = new KeyState();
            return state;
        }
    }

    /// <summary>Makes a key ready, or has it looked at again when it is in work.</summary>
    public void Add(TKey key)
    {
        var state = this[key];
        if (state.IsWorking)
            state.IsDirty = true;
        else if (!state.IsReady)
        {
            state.IsReady = true;
            state.ReadySince = time.GetTimestamp();
            _ready.Enqueue(key);
        }
    }

    /// <summary>Makes a key ready at a time, or earlier when it was to be ready earlier.</summary>
    public void AddAt(TKey key, long due)
    {
        var state = this[key];
        if (state.Due <= due)
            return;
        if (state.Due is null)
            Delayed++;
        state.Due = due;
        // An earlier entry of the key stays behind in the heap and is passed over when its time comes.
        _delayed.Enqueue(key, due);
    }

    /// <summary>Makes ready whose time has come.</summary>
    /// <returns>The next time, or null when none waits.</returns>
    public long? Advance()
    {
        while (_delayed.TryPeek(out var key, out var due))
        {
            var current = _states.TryGetValue(key, out var state) && state.Due == due;
            if (current && due > time.GetTimestamp())
                return due;
            _delayed.Dequeue();
            if (!current)
                continue;
            state!.Due = null;
            Delayed--;
            Add(key);
        }

        return null;
    }

    /// <summary>Takes a key to work on.</summary>
    public bool TryTake(out TKey key, out KeyState state)
    {
        if (!_ready.TryDequeue(out key!))
        {
            state = null!;
            return false;
        }

        state = _states[key];
        state.IsReady = false;
        state.IsWorking = true;
        return true;
    }

    /// <summary>Work on a key ended.</summary>
    public void Return(TKey key, KeyState state)
    {
        state.IsWorking = false;
        state.Ended = time.GetTimestamp();
        if (state.IsDirty)
        {
            state.IsDirty = false;
            Add(key);
        }
    }

    /// <summary>Forgets a key of which nothing is left to remember.</summary>
    public void Trim(TKey key)
    {
        if (_states.TryGetValue(key, out var state) && state.IsIdle)
            _states.Remove(key);
    }
}
