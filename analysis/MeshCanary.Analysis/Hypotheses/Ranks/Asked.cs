namespace MeshCanary.Analysis.Hypotheses.Ranks;

/// <summary>What a caller may ask for.</summary>
internal static class Asked
{
    /// <summary>The value, when the enumeration has it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has not.</exception>
    public static T Checked<T>(T value, string name)
        where T : struct, Enum =>
        Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"A value of {typeof(T).Name} is allowed: {string.Join(", ", Enum.GetNames<T>())}.");

    /// <summary>Refuses a confidence that is not inside (0, 1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static void Check(double confidence)
    {
        if (!(confidence is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence level is inside (0, 1).");
    }

    /// <summary>Refuses options outside their ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of them is.</exception>
    public static void Check(TestOptions options)
    {
        Checked(options.Alternative, nameof(options));
        Check(options.Confidence);
    }
}
