using MeshCanary.Analysis.Sequential.Watching;

namespace MeshCanary.Analysis.Judging.Baking;

/// <summary>State of the watch over one metric.</summary>
/// <param name="Requests">Requests in the bake.</param>
/// <param name="Events">Of them the bad ones.</param>
/// <param name="Watch">The detector.</param>
public sealed record BakeMetricState(long Requests, long Events, PromotionWatchState Watch);
