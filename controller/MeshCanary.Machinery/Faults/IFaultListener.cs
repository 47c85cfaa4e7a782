namespace MeshCanary.Machinery.Faults;

/// <summary>
/// Hears of keys whose work goes wrong, so that the caller can say so where people look, in a condition of the object for instance.
/// Called on the worker; must be quick. What it throws is logged.
/// </summary>
public interface IFaultListener<in TKey>
    where TKey : notnull
{
    /// <summary>A key failed so often in a row that it is tried slowly from now on. Told again at each further failure.</summary>
    /// <param name="key">The key.</param>
    /// <param name="failure">The last failure.</param>
    /// <param name="failures">How many in a row.</param>
    void Quarantined(TKey key, Exception failure, int failures);

    /// <summary>A quarantined key succeeded.</summary>
    /// <param name="key">The key.</param>
    void Released(TKey key);

    /// <summary>The work on a key passed its deadline and was cancelled.</summary>
    /// <param name="key">The key.</param>
    /// <param name="elapsed">How long it had taken.</param>
    void Overdue(TKey key, TimeSpan elapsed);
}
