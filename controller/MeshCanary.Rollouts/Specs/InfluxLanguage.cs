namespace MeshCanary.Rollouts.Specs;

/// <summary>A language of InfluxDB.</summary>
public enum InfluxLanguage
{
    /// <summary>Flux: InfluxDB 2, and 1.8 where it is on.</summary>
    Flux,

    /// <summary>InfluxQL: InfluxDB 1, and what speaks its API.</summary>
    InfluxQl,

    /// <summary>SQL: InfluxDB 3.</summary>
    Sql,
}
