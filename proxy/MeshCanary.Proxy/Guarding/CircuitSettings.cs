using MeshCanary.Contracts.V1;

namespace MeshCanary.Proxy.Guarding;

/// <summary>When a circuit opens, and for how long.</summary>
/// <param name="Failures">Failures within the window that it takes, 1 or more.</param>
/// <param name="Share">Share of the canary's requests that must have failed since the first of them, 0…1.</param>
/// <param name="Window">Time within which they must fall.</param>
/// <param name="Pause">Time that it stays open before it tries again.</param>
internal sealed record CircuitSettings(int Failures, double Share, TimeSpan Window, TimeSpan Pause)
{
    private const int DefaultFailures = 10;
    private const double DefaultPercent = 50;
    private const double DefaultWindowMilliseconds = 1000;
    private const double DefaultPauseMilliseconds = 10_000;

    /// <summary>The settings of a valid message, with defaults where it says nothing.</summary>
    public static CircuitSettings Of(Circuit circuit) => new(
        circuit.Failures == 0 ? DefaultFailures : (int)circuit.Failures,
        (circuit.FailurePercent == 0 ? DefaultPercent : circuit.FailurePercent) / 100,
        TimeSpan.FromMilliseconds(circuit.WindowMs == 0 ? DefaultWindowMilliseconds : circuit.WindowMs),
        TimeSpan.FromMilliseconds(circuit.PauseMs == 0 ? DefaultPauseMilliseconds : circuit.PauseMs));
}
