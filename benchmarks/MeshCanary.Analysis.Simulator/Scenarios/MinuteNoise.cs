namespace MeshCanary.Analysis.Simulator.Scenarios;

/// <summary>
/// Good and bad minutes of an arm, each arm for itself: a lognormal factor of mean 1 on the error rate, another on the
/// latency, each constant for a minute.
/// </summary>
/// <param name="Errors">Standard deviation of the error rate's factor (about), 0.3 for 30 %.</param>
/// <param name="Latency">Standard deviation of the latency's factor.</param>
/// <param name="Correlation">Correlation of one minute with the next (a first-order autoregression), 0 for none.</param>
internal readonly record struct MinuteNoise(double Errors, double Latency, double Correlation = 0)
{
    /// <summary>30 % on errors and 3 % on latency, as services commonly show.</summary>
    public static MinuteNoise Usual { get; } = new(0.3, 0.03);

    /// <summary>The next state of one factor's normal score.</summary>
    public double Step(double score, double fresh) => (Correlation * score) + (Math.Sqrt(1 - (Correlation * Correlation)) * fresh);
}
