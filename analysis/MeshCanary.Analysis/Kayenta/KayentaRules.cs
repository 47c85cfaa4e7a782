namespace MeshCanary.Analysis.Kayenta;

/// <summary>A metric's configuration with its words understood and its defaults filled in.</summary>
internal sealed record KayentaRules
{
    public required KayentaVersion Version { get; init; }

    public KayentaDirection Direction { get; init; } = KayentaDirection.Either;

    public bool ReplacesMissing { get; init; }

    /// <summary>Fences of the outlier removal; null to keep outliers.</summary>
    public double? OutlierFactor { get; init; }

    public bool Critical { get; init; }

    public bool MustHaveData { get; init; }

    public bool UsesCles { get; init; }

    public double AllowedIncrease { get; init; } = 1;

    public double AllowedDecrease { get; init; } = 1;

    public double CriticalIncrease { get; init; } = 1;

    public double CriticalDecrease { get; init; } = 1;

    public int MinimumPoints { get; init; } = 1;

    /// <summary>Share of the estimated shift that the interval must stay clear of zero by. Fixed in Kayenta.</summary>
    public double Tolerance { get; init; } = 0.25;

    /// <summary>Two-sided confidence level of the interval. Fixed in Kayenta.</summary>
    public double Confidence { get; init; } = 0.98;

    /// <summary>Seed of the noise that the first version adds to two different constants.</summary>
    public ulong NoiseSeed { get; init; }

    public static KayentaRules From(KayentaMetric metric, KayentaConfig config, KayentaVersion version, ulong noiseSeed)
    {
        var effect = metric.EffectSize;
        var usesCles = effect.Measure == KayentaEffectSize.Cles;
        var none = usesCles ? 0.5 : 1;
        return new KayentaRules
        {
            Version = version,
            Direction = metric.Direction switch
            {
                "increase" => KayentaDirection.Increase,
                "decrease" => KayentaDirection.Decrease,
                _ => KayentaDirection.Either,
            },
            ReplacesMissing = metric.NanStrategy == "replace",
            OutlierFactor = RemovesOutliers(metric) ? metric.OutlierFactor : null,
            Critical = metric.Critical,
            MustHaveData = metric.MustHaveData,
            UsesCles = usesCles,
            AllowedIncrease = effect.AllowedIncrease ?? none,
            AllowedDecrease = effect.AllowedDecrease ?? none,
            CriticalIncrease = effect.CriticalIncrease ?? none,
            CriticalDecrease = effect.CriticalDecrease ?? none,
            MinimumPoints = config.MinimumPoints,
            NoiseSeed = noiseSeed,
        };
    }

    public static bool RemovesOutliers(KayentaMetric metric) => metric.OutlierStrategy == "remove";
}
