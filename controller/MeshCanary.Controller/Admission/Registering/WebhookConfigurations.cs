using System.Text;
using k8s.Models;
using MeshCanary.Controller.Crds;

namespace MeshCanary.Controller.Admission.Registering;

/// <summary>
/// Our webhooks as the API server is told of them. Nothing of ours may stop a cluster: every failure policy is Ignore, what
/// reaches us is narrowed by a label, and what slips by is repaired or told by the controller.
/// </summary>
internal static class WebhookConfigurations
{
    private const int Seconds = 3;
    private const string Create = "CREATE";
    private const string Update = "UPDATE";

    public static V1MutatingWebhookConfiguration Mutating(WebhookTarget target, string bundle) => new()
    {
        ApiVersion = "admissionregistration.k8s.io/v1",
        Kind = "MutatingWebhookConfiguration",
        Metadata = new V1ObjectMeta { Name = target.Name },
        Webhooks =
        [
            // Changes nothing: it comes before the schema, so that a user reads words and not a pattern.
            Mutator("read.canaries.meshcanary.io", "/canaries", target, bundle, Rule(ApiNames.Group, ApiNames.Version, ApiNames.Canaries, Create, Update), new V1LabelSelector()),
            Mutator("read.metrictemplates.meshcanary.io", "/metrictemplates", target, bundle, Rule(ApiNames.Group, ApiNames.Version, ApiNames.MetricTemplates, Create, Update), new V1LabelSelector()),
            Mutator("hold.deployments.meshcanary.io", "/deployments", target, bundle, Rule("apps", "v1", "deployments", Update), Managed()),
            Mutator("keep.services.meshcanary.io", "/services", target, bundle, Rule("", "v1", "services", Update), Managed()),
        ],
    };

    public static V1ValidatingWebhookConfiguration Validating(WebhookTarget target, string bundle) => new()
    {
        ApiVersion = "admissionregistration.k8s.io/v1",
        Kind = "ValidatingWebhookConfiguration",
        Metadata = new V1ObjectMeta { Name = target.Name },
        Webhooks =
        [
            Validator("canaries.meshcanary.io", "/canaries", target, bundle, ApiNames.Canaries),
            Validator("metrictemplates.meshcanary.io", "/metrictemplates", target, bundle, ApiNames.MetricTemplates),
        ],
    };

    private static V1MutatingWebhook Mutator(string name, string path, WebhookTarget target, string bundle, V1RuleWithOperations rule, V1LabelSelector objects) => new()
    {
        Name = name,
        ClientConfig = Client(target, path, bundle),
        Rules = [rule],
        FailurePolicy = "Ignore",
        MatchPolicy = "Equivalent",
        NamespaceSelector = Labelled(target.Namespaces),
        ObjectSelector = objects,
        SideEffects = "None",
        TimeoutSeconds = Seconds,
        AdmissionReviewVersions = ["v1"],
        // Who changes the template after us must not bring it past the hold.
        ReinvocationPolicy = "IfNeeded",
    };

    private static V1ValidatingWebhook Validator(string name, string path, WebhookTarget target, string bundle, string resource) => new()
    {
        Name = name,
        ClientConfig = Client(target, path, bundle),
        Rules = [Rule(ApiNames.Group, ApiNames.Version, resource, Create, Update)],
        FailurePolicy = "Ignore",
        MatchPolicy = "Equivalent",
        NamespaceSelector = Labelled(target.Namespaces),
        ObjectSelector = new V1LabelSelector(),
        SideEffects = "None",
        TimeoutSeconds = Seconds,
        AdmissionReviewVersions = ["v1"],
    };

    // Matches when the object has the label before or after the write: a manifest that leaves it out reaches us once, and gets it back.
    private static V1LabelSelector Managed() => Labelled(new Dictionary<string, string> { [ApiNames.ManagedLabel] = "true" });

    private static V1LabelSelector Labelled(IReadOnlyDictionary<string, string> labels) => new() { MatchLabels = labels.Count == 0 ? null : labels.ToDictionary() };

    private static V1RuleWithOperations Rule(string group, string version, string resource, params string[] operations) => new()
    {
        ApiGroups = [group],
        ApiVersions = [version],
        Resources = [resource],
        Operations = operations,
        Scope = "Namespaced",
    };

    private static Admissionregistrationv1WebhookClientConfig Client(WebhookTarget target, string path, string bundle) => new()
    {
        CaBundle = Encoding.ASCII.GetBytes(bundle),
        Url = target.Address is { } address ? address + path : null,
        Service = target.Address is null
            ? new Admissionregistrationv1ServiceReference { NamespaceProperty = target.Namespace!, Name = target.Service!, Port = target.Port, Path = path }
            : null,
    };
}
