namespace MeshCanary.Controller.Keeping;

/// <summary>Looks whether a workload can be taken under control.</summary>
internal interface IAdoptable
{
    /// <summary>What stands against it, and what it runs.</summary>
    Adoptability Examine(string key);
}
