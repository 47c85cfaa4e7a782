using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Reporting;

/// <summary>Reads how requests ended and keeps what it read, so that the next reading is the difference.</summary>
internal sealed class OutcomeReading(OutcomeCells cells)
{
    private long[]? _before;

    /// <summary>Writes what was counted since the last call, by cell.</summary>
    /// <returns>Whether anything was; if not, nothing is written.</returns>
    public bool Take(Span<long> difference)
    {
        Span<long> now = stackalloc long[OutcomeCells.Count];
        cells.ReadInto(now);
        if (_before is null ? !now.ContainsAnyExcept(0L) : now.SequenceEqual(_before))
            return false;
        _before ??= new long[OutcomeCells.Count];
        for (var cell = 0; cell < now.Length; cell++)
            difference[cell] = now[cell] - _before[cell];
        now.CopyTo(_before);
        return true;
    }
}
