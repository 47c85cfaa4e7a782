namespace MeshCanary.Proxy.Recording;

/// <summary>
/// Users who have been here, by a 64-bit hash of their key, up to a limit. Thread-safe: of several who enter the same
/// user at once, one is told that it is new. A known user is found without a lock; a new one takes one of 64. It grows
/// with its users, to 16 or 32 bytes each: a million take some 16 MB. Two keys with the same hash are one user, which
/// a million users meet once in 40 million runs.
/// </summary>
internal sealed class UserSet
{
    private const int ShardBits = 6;
    private const int FirstSlots = 16;

    private readonly Shard[] _shards = [.. Enumerable.Range(0, 1 << ShardBits).Select(_ => new Shard())];
    private readonly int _limit;
    private int _count;

    public UserSet(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        _limit = limit;
    }

    /// <summary>Users in the set.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Enters a user; any evenly spread hash of the key will do.</summary>
    public UserEntry Add(ulong hash)
    {
        // Zero marks an empty slot.
        var user = hash == 0 ? 1 : hash;
        var shard = _shards[user >> (64 - ShardBits)];
        if (shard.Holds(user))
            return UserEntry.Known;
        return Count >= _limit ? UserEntry.Full : Add(shard, user);
    }

    private UserEntry Add(Shard shard, ulong user)
    {
        lock (shard.Gate)
        {
            if (shard.Holds(user))
                return UserEntry.Known;
            if (Interlocked.Increment(ref _count) > _limit)
            {
                Interlocked.Decrement(ref _count);
                return UserEntry.Full;
            }

            shard.Add(user);
            return UserEntry.New;
        }
    }

    /// <summary>Open addressing, at most half full; written under the lock, read without.</summary>
    private sealed class Shard
    {
        private ulong[] _slots = new ulong[FirstSlots];
        private int _used;

        public Lock Gate { get; } = new();

        // A reader that still has the smaller table may miss a user, and looks again under the lock.
        public bool Holds(ulong user)
        {
            var slots = Volatile.Read(ref _slots);
            return Volatile.Read(ref slots[SlotOf(slots, user)]) == user;
        }

        public void Add(ulong user)
        {
            var slots = _slots;
            if (2 * (_used + 1) > slots.Length)
            {
                var wider = new ulong[2 * slots.Length];
                foreach (var known in slots.AsSpan())
                {
                    if (known != 0)
                        wider[SlotOf(wider, known)] = known;
                }

                Volatile.Write(ref _slots, slots = wider);
            }

            Volatile.Write(ref slots[SlotOf(slots, user)], user);
            _used++;
        }

        /// <summary>Where a user is, or the empty slot that ends the search.</summary>
        private static int SlotOf(ulong[] slots, ulong user)
        {
            var mask = slots.Length - 1;
            var slot = (int)user & mask;
            while (Volatile.Read(ref slots[slot]) is var found && found != 0 && found != user)
                slot = (slot + 1) & mask;
            return slot;
        }
    }
}
