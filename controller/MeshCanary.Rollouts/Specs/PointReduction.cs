namespace MeshCanary.Rollouts.Specs;

/// <summary>Which number several points of one series stand for.</summary>
public enum PointReduction
{
    /// <summary>The newest.</summary>
    Last,

    /// <summary>Their mean.</summary>
    Average,

    /// <summary>Their sum: for counts.</summary>
    Sum,

    /// <summary>The least.</summary>
    Min,

    /// <summary>The greatest.</summary>
    Max,
}
