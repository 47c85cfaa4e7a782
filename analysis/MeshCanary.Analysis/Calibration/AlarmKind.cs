using System.Text.Json.Serialization;

namespace MeshCanary.Analysis.Calibration;

/// <summary>How the noise of a run stands to the noise that was stored.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlarmKind>))]
public enum AlarmKind
{
    /// <summary>Too few live or stored blocks to tell.</summary>
    NotEnough,

    /// <summary>Nothing says that they differ by a factor of two.</summary>
    AsStored,

    /// <summary>Live φ is more than twice the stored: the calibration does not hold, and evidence grows too fast. An alarm.</summary>
    Louder,

    /// <summary>Live φ is less than half the stored: decisions take longer than they need to. Information, no alarm.</summary>
    Quieter,
}
