namespace MeshCanary.Testing.Load;

/// <summary>Counts under a lock, so that every snapshot adds up.</summary>
internal sealed class LoadTally
{
    private const int KeptReasons = 5;

    private readonly Lock _gate = new();
    private LoadTotals _totals = LoadTotals.None;

    public LoadTotals Totals
    {
        get
        {
            lock (_gate)
                return _totals;
        }
    }

    /// <summary>Counts the start of a request.</summary>
    /// <returns>Its number, from 0.</returns>
    public long Sent()
    {
        lock (_gate)
        {
            _totals = _totals with { Sent = _totals.Sent + 1 };
            return _totals.Sent - 1;
        }
    }

    public void Answered(string version, bool succeeded)
    {
        lock (_gate)
        {
            var counts = _totals.Of(version);
            counts = succeeded ? counts with { Succeeded = counts.Succeeded + 1 } : counts with { Failed = counts.Failed + 1 };
            _totals = _totals with { Versions = _totals.Versions.SetItem(version, counts) };
        }
    }

    /// <summary>Keeps what the first few answers said that no backend gave.</summary>
    public void Explain(string answer)
    {
        lock (_gate)
        {
            if (_totals.LostReasons.Length < KeptReasons)
                _totals = _totals with { LostReasons = _totals.LostReasons.Add(answer) };
        }
    }

    public void Lost(string reason)
    {
        lock (_gate)
        {
            var reasons = _totals.LostReasons;
            _totals = _totals with
            {
                Lost = _totals.Lost + 1,
                LostReasons = reasons.Length < KeptReasons ? reasons.Add(reason) : reasons,
            };
        }
    }
}
