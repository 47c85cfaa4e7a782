namespace MeshCanary.Controller.Admission.Holding;

/// <summary>Which Deployments are under a Canary that holds by webhook or always. Thread-safe; answers from memory.</summary>
internal interface IHeldWorkloads
{
    /// <summary>The Deployment with this uid; null when it is under none, or not known to this replica (yet).</summary>
    HeldWorkload? Find(string uid);
}
