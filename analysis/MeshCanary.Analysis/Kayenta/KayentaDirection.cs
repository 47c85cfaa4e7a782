namespace MeshCanary.Analysis.Kayenta;

/// <summary>Which differences of a metric count.</summary>
[Flags]
internal enum KayentaDirection
{
    /// <summary>None; not reachable from a configuration.</summary>
    None = 0,

    /// <summary>The canary above the baseline.</summary>
    Increase = 1,

    /// <summary>The canary below the baseline.</summary>
    Decrease = 2,

    /// <summary>Both.</summary>
    Either = Increase | Decrease,
}
