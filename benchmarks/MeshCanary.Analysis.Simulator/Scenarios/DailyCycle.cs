namespace MeshCanary.Analysis.Simulator.Scenarios;

/// <summary>What both arms go through together, as a sine with a phase of its own in every run.</summary>
/// <param name="Traffic">Amplitude on requests per second, 0.6 for ±60 %.</param>
/// <param name="Errors">Amplitude on the error rate.</param>
/// <param name="Latency">Amplitude on latency.</param>
/// <param name="Minutes">Length of a cycle. One hour puts a whole day's swing into one run, the hardest case there is.</param>
internal readonly record struct DailyCycle(double Traffic, double Errors, double Latency, double Minutes = 60)
{
    /// <summary>Where the course stands at a minute, −1…1; 0 for a service without one.</summary>
    /// <param name="phase">Where the run began, 0…1.</param>
    /// <param name="minute">Minutes since.</param>
    public double At(double phase, double minute) => Minutes > 0 ? Math.Sin(2 * Math.PI * (phase + (minute / Minutes))) : 0;
}
