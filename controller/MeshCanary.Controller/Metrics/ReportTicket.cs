namespace MeshCanary.Controller.Metrics;

/// <summary>A report on its way into storage: its receipt goes out when nobody holds it any more.</summary>
internal sealed class ReportTicket(ReportLedger ledger, long sequence)
{
    private int _holds = 1;

    /// <summary>The proxy instance that sent it.</summary>
    public string Instance => ledger.Instance;

    /// <summary>Its number within the instance.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>Whether everything in it is stored.</summary>
    public bool Settled => _holds == 0;

    /// <summary>Somebody keeps counts of it that are not stored yet.</summary>
    public void Hold() => _holds++;

    /// <summary>They are stored, or not wanted any more.</summary>
    public void Release()
    {
        if (--_holds == 0)
            ledger.Advance();
    }
}
