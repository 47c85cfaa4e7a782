namespace MeshCanary.Controller.Metrics.Providers;

/// <summary>Who answers the queries of metric templates. Found by <see cref="Type"/>. Thread-safe.</summary>
internal interface IMetricProvider
{
    /// <summary>Its name, as in <c>spec.provider.type</c> of a MetricTemplate.</summary>
    string Type { get; }

    /// <summary>
    /// Asks once. Whatever goes wrong outside this process is an answer, <see cref="MetricAnswer.Fault"/> or
    /// <see cref="MetricAnswer.Nothing"/>, and never a value; it throws only when it is cancelled.
    /// </summary>
    Task<MetricAnswer> AskAsync(MetricQuestion question, CancellationToken cancellationToken);
}
