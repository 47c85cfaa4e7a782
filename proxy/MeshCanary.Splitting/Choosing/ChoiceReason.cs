namespace MeshCanary.Splitting.Choosing;

/// <summary>Why an arm was chosen.</summary>
public enum ChoiceReason
{
    /// <summary>Drawn at random by weight.</summary>
    Draw,

    /// <summary>Drawn by the stable hash of the user key.</summary>
    Key,

    /// <summary>A rule sent it to the canary; the weight had no say.</summary>
    Rule,
}
