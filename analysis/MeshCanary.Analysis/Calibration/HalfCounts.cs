namespace MeshCanary.Analysis.Calibration;

/// <summary>
/// Requests of the two halves of stable (or of baseline and stable) in one block, and the bad events among them.
/// </summary>
/// <param name="FirstRequests">n1: requests of the first half.</param>
/// <param name="FirstEvents">x1: bad events among them.</param>
/// <param name="SecondRequests">n2: requests of the second half.</param>
/// <param name="SecondEvents">x2: bad events among them.</param>
public readonly record struct HalfCounts(long FirstRequests, long FirstEvents, long SecondRequests, long SecondEvents)
{
    private const long Most = 100_000_000_000_000;

    /// <summary>Whether every half has 0 ≤ events ≤ requests ≤ 10^14; anything else is no count.</summary>
    public bool IsConsistent =>
        FirstEvents >= 0 && FirstRequests >= FirstEvents && FirstRequests <= Most
        && SecondEvents >= 0 && SecondRequests >= SecondEvents && SecondRequests <= Most;

    /// <summary>Whether both halves served something.</summary>
    public bool IsComparable => IsConsistent && FirstRequests > 0 && SecondRequests > 0;

    /// <summary>
    /// Requests a half, as far as they tell: the harmonic mean 2·n1·n2/(n1 + n2); 0 when a half served nothing. The part
    /// of φ above 1 grows in proportion to it when the halves vary by themselves.
    /// </summary>
    public double Size => IsComparable ? 2 / ((1.0 / FirstRequests) + (1.0 / SecondRequests)) : 0;

    /// <summary>
    /// The pooled two-proportion statistic z = (p1 − p2)/√(p̄(1 − p̄)(1/n1 + 1/n2)), p̄ = (x1 + x2)/(n1 + n2). Null when
    /// the block says nothing: a half without requests, no bad event at all, or nothing but bad events. Given the
    /// number of events x1 is hypergeometric, so E z² = N/(N − 1) exactly, N = n1 + n2, however few the events are.
    /// </summary>
    public double? Z
    {
        get
        {
            if (!IsComparable)
                return null;
            double n1 = FirstRequests, n2 = SecondRequests;
            var share = ((double)FirstEvents + SecondEvents) / (n1 + n2);
            var variance = share * (1 - share) * ((1 / n1) + (1 / n2));
            return variance > 0 ? ((FirstEvents / n1) - (SecondEvents / n2)) / Math.Sqrt(variance) : null;
        }
    }

    /// <summary>Both blocks together.</summary>
    public HalfCounts Plus(HalfCounts other) => new(
        FirstRequests + other.FirstRequests,
        FirstEvents + other.FirstEvents,
        SecondRequests + other.SecondRequests,
        SecondEvents + other.SecondEvents);
}
