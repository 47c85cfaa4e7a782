using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>
/// Reads <c>spec.analysis.unit</c>. Sticky users are drawn as users, and what one of them does is no new draw: they are compared
/// as users unless somebody says otherwise, where the source counts users.
/// </summary>
internal static class UnitBinder
{
    public static ComparisonUnit Bind(Value? unit, bool isSticky, AnalysisSpec analysis, ErrorList errors)
    {
        var (isKayenta, isProxy) = (analysis.Settings.Kayenta is not null, analysis.Source.Type == SourceSpec.Proxy);
        var said = Scalars.OneOf(unit, errors, "requests", "users");
        if (said == "users" && isKayenta)
            errors.Add(unit!.Value, "Kayenta's judge compares the values of requests", "Write unit: requests, or judge: sequential");
        else if (said == "users" && !isSticky)
            errors.Add(unit!.Value, "there are no users without strategy.stickiness", "Add strategy.stickiness, such as { cookie: mc-user }, or write unit: requests");
        else if (said == "users" && !isProxy)
            errors.Add(unit!.Value, $"the source '{analysis.Source.Type}' does not tell users apart", "Write unit: requests, or leave out analysis.source where our own proxies count");
        var users = said is null ? isSticky && !isKayenta && isProxy : said == "users";
        return users ? ComparisonUnit.Users : ComparisonUnit.Requests;
    }
}
