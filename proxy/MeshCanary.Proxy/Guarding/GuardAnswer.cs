namespace MeshCanary.Proxy.Guarding;

/// <summary>What a guard says to a request that was drawn for the canary.</summary>
internal enum GuardAnswer
{
    /// <summary>The canary takes it.</summary>
    Admitted,

    /// <summary>The canary takes it, and how it ends says whether the circuit closes.</summary>
    Probe,

    /// <summary>The circuit is open: stable takes it.</summary>
    CircuitOpen,

    /// <summary>The exposure budget is spent: stable takes it.</summary>
    BudgetSpent,
}
