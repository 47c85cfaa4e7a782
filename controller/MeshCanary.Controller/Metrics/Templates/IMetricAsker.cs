namespace MeshCanary.Controller.Metrics.Templates;

/// <summary>Asks the sources of custom metrics. Thread-safe; no call waits for a source.</summary>
internal interface IMetricAsker
{
    /// <summary>
    /// Begins to ask what is due, and gives what is answered, or is known to stay without an answer. The same is given
    /// again until <see cref="AskOrder.Asked"/> holds it. An order of another run ends the asking for the run before.
    /// </summary>
    AskOutcome Ask(AskOrder order);

    /// <summary>Nothing is wanted for a Canary any more.</summary>
    void Forget(string key);
}
