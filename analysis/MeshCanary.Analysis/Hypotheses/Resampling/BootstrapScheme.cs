namespace MeshCanary.Analysis.Hypotheses.Resampling;

/// <summary>How stretches of a series are drawn.</summary>
public enum BootstrapScheme
{
    /// <summary>Stretches of one length that begin anywhere (Künsch 1989, Ann. Stat. 17:1217).</summary>
    MovingBlock,

    /// <summary>Stretches of geometric length around a circle, so that what is drawn is stationary (Politis and Romano 1994, JASA 89:1303).</summary>
    Stationary,
}
