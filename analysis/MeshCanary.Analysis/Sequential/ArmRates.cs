namespace MeshCanary.Analysis.Sequential;

/// <summary>Probabilities of a bad event in both arms.</summary>
/// <param name="Canary">Probability in the canary.</param>
/// <param name="Stable">Probability in stable.</param>
public readonly record struct ArmRates(double Canary, double Stable)
{
    /// <summary>Closest that a probability comes to 0 or 1.</summary>
    public const double Floor = 1e-7;

    /// <summary>Holds a probability away from 0 and 1, where one event would be infinite evidence.</summary>
    public static double Clamp(double probability) => Math.Clamp(probability, Floor, 1 - Floor);
}
