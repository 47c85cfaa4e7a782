namespace MeshCanary.Analysis.Sequential;

/// <summary>How an <see cref="EDetector"/> forgets.</summary>
public enum DetectorKind
{
    /// <summary>SR_t = e_t·(SR_{t−1} + 1): the sum over all possible starts of a change.</summary>
    ShiryaevRoberts,

    /// <summary>CU_t = e_t·max(CU_{t−1}, 1): the best start only; smaller, so a little slower and safer.</summary>
    Cusum,
}
