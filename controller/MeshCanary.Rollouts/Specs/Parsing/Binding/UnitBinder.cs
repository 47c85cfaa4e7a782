using MeshCanary.Analysis.Judging;
using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>
/// Reads <c>spec.analysis.unit</c>. Sticky users are drawn as users, and what one of them does is no new draw: they are compared
/// as users unless somebody says otherwise.
/// </summary>
internal static class UnitBinder
{
    public static ComparisonUnit Bind(Value? unit, bool isSticky, bool isKayenta, ErrorList errors)
    {
        var said = Scalars.OneOf(unit, errors, "requests", "users");
        if (said == "users" && isKayenta)
            errors.Add(unit!.Value, "Kayenta's judge compares the values of requests", "Write unit: requests, or judge: sequential");
        else if (said == "users" && !isSticky)
            errors.Add(unit!.Value, "there are no users without strategy.stickiness", "Add strategy.stickiness, such as { cookie: mc-user }, or write unit: requests");
        var users = said is null ? isSticky && !isKayenta : said == "users";
        return users ? ComparisonUnit.Users : ComparisonUnit.Requests;
    }
}
