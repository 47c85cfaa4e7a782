using MeshCanary.Analysis.Samples;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Metrics;

/// <summary>Adds up the first visits of users in one window. Not thread-safe.</summary>
internal sealed class UserTally
{
    private readonly ArmTally _stable = new();
    private readonly ArmTally _canary = new();

    /// <summary>Adds a report's counts.</summary>
    public void Add(Wire.UserCounts users)
    {
        if (users.Stable is not null)
            _stable.Add(Outcomes.Of(users.Stable));
        if (users.Canary is not null)
            _canary.Add(Outcomes.Of(users.Canary));
    }

    /// <summary>The sums.</summary>
    public UserSample Close() => new(_stable.Close(), _canary.Close());
}
