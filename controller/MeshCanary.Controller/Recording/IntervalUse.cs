namespace MeshCanary.Controller.Recording;

/// <summary>What an interval was used for.</summary>
public enum IntervalUse
{
    /// <summary>Warm-up: guards and baseline learned from it.</summary>
    Warmup,

    /// <summary>Counted by the tests.</summary>
    Counted,

    /// <summary>The promoted revision was watched alone; the judge saw nothing of it.</summary>
    Bake,
}
