namespace MeshCanary.Analysis.Kayenta;

/// <summary>Both arms' values, each ascending and neither empty.</summary>
internal sealed class SortedPair
{
    public SortedPair(ReadOnlySpan<double> control, ReadOnlySpan<double> experiment)
    {
        (Control, Experiment) = (control.ToArray(), experiment.ToArray());
        Array.Sort(Control);
        Array.Sort(Experiment);
    }

    public double[] Control { get; }

    public double[] Experiment { get; }

    /// <summary>The smallest difference of an experiment's value and a control's.</summary>
    public double LeastShift => Experiment[0] - Control[^1];

    /// <summary>The largest one.</summary>
    public double GreatestShift => Experiment[^1] - Control[0];

    /// <summary>Whether every value, every shift and the range of the shifts are finite numbers, so that a search among them ends.</summary>
    public bool IsFinite => double.IsFinite(GreatestShift - LeastShift);

    public bool AreIdentical => Control.AsSpan().SequenceEqual(Experiment);

    public bool AreConstant => Control[0] == Control[^1] && Experiment[0] == Experiment[^1];
}
