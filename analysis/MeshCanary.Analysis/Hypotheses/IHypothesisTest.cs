namespace MeshCanary.Analysis.Hypotheses;

/// <summary>
/// A fixed-horizon test of canary against stable: valid for one look at the end, for reports and replay, never for a
/// decision that is looked at again and again. Pure and thread-safe.
/// </summary>
/// <typeparam name="TData"><see cref="TwoSamples"/> or <see cref="TwoProportions"/>.</typeparam>
public interface IHypothesisTest<in TData>
{
    /// <summary>The name it is looked up by: <c>mann-whitney</c>, <c>welch-t</c>…</summary>
    string Name { get; }

    /// <summary>Tests once. Never throws for what the data are; data that do not allow the test give a result with a problem.</summary>
    HypothesisResult Test(TData data, TestOptions options);
}
