using System.Collections.Immutable;
using k8s;
using k8s.Models;
using MeshCanary.Controller.Workloads.InPlace.Identity;

namespace MeshCanary.Controller.Tests.Workloads.InPlace;

public sealed class IdentityTests
{
    private const string Written = """
        metadata:
          labels: { app: web }
        spec:
          serviceAccountName: web
          hostNetwork: true
          containers:
          - name: web
            image: registry.example/web:v1
            ports: [{ containerPort: 8080 }]
            env: [{ name: WHO, valueFrom: { fieldRef: { fieldPath: metadata.name } } }, { name: EMPTY, value: "" }]
            resources: { requests: { cpu: 1000m, memory: 1024Mi }, limits: { cpu: "1" } }
            readinessProbe: { httpGet: { path: /healthz, port: 8080 } }
          volumes:
          - { name: settings, configMap: { name: settings } }
          - { name: scratch, emptyDir: {} }
        """;

    // The same after a server filled it in.
    private const string Read = """
        metadata:
          creationTimestamp: null
          labels: { app: web, pod-template-hash: 6f956549bc }
        spec:
          serviceAccountName: web
          serviceAccount: web
          hostNetwork: true
          restartPolicy: Always
          terminationGracePeriodSeconds: 30
          dnsPolicy: ClusterFirst
          schedulerName: default-scheduler
          securityContext: {}
          containers:
          - name: web
            image: registry.example/web:v1
            imagePullPolicy: IfNotPresent
            ports: [{ containerPort: 8080, hostPort: 8080, protocol: TCP }]
            env: [{ name: WHO, valueFrom: { fieldRef: { apiVersion: v1, fieldPath: metadata.name } } }, { name: EMPTY }]
            resources: { requests: { cpu: "1", memory: 1Gi }, limits: { cpu: "1" } }
            readinessProbe: { httpGet: { path: /healthz, port: 8080, scheme: HTTP }, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }
            terminationMessagePath: /dev/termination-log
            terminationMessagePolicy: File
          volumes:
          - { name: settings, configMap: { name: settings, defaultMode: 420 } }
          - { name: scratch, emptyDir: {} }
        """;

    [Fact]
    public void Name_OfOneManifest_IsTheSameWhateverAServerAdds()
    {
        Assert.Equal(Name(Written), Name(Read));
        Assert.Matches("^[0-9a-f]{10}$", Name(Read));
    }

    [Theory]
    [InlineData("image: registry.example/web:v1", "image: registry.example/web:v2")]
    [InlineData("path: /healthz", "path: /ready")]
    [InlineData("1024Mi", "1025Mi")]
    [InlineData("containerPort: 8080", "containerPort: 8081")]
    [InlineData("hostNetwork: true", "hostNetwork: false")]
    [InlineData("labels: { app: web }", "{ labels: { app: web }, annotations: { kubectl.kubernetes.io/restartedAt: now } }")]
    [InlineData("- { name: scratch, emptyDir: {} }", "")]
    public void Name_OfAnotherManifest_IsAnother(string from, string to) =>
        Assert.NotEqual(Name(Written), Name(Written.Replace(from, to, StringComparison.Ordinal)));

    [Fact]
    public void Same_LooksOverTheHashAndNothingElse()
    {
        Assert.True(TemplateJson.AreSame(Of(Read), Of(Read.Replace("6f956549bc", "765b44646c", StringComparison.Ordinal))));
        Assert.False(TemplateJson.AreSame(Of(Read), Of(Written)));
    }

    [Fact]
    public void Name_OfATemplateThatIsKnown_IsTheOneThatWasGiven()
    {
        var known = new V1ReplicaSet
        {
            Metadata = new V1ObjectMeta
            {
                Name = "web-1",
                Labels = new Dictionary<string, string> { ["meshcanary.io/revision"] = "given-by-another-version", ["meshcanary.io/config"] = "v0-whatever" },
            },
            Spec = new V1ReplicaSetSpec { Template = Of(Read) },
        };
        var contents = new ConfigContents(ImmutableDictionary<ConfigReference, string>.Empty.Add(new(ConfigReference.ConfigMap, "settings"), "0123"));

        Assert.Equal("given-by-another-version", new RevisionCatalog([known], contents).NameOf(Of(Read)));
        known.Metadata.Labels["meshcanary.io/config"] = "v1-another";
        Assert.Equal(CanonicalTemplate.Name(Of(Read), contents.HashFor(Of(Read))!), new RevisionCatalog([known], contents).NameOf(Of(Read)));
        Assert.Null(new RevisionCatalog([known], ConfigContents.Unread).NameOf(Of(Read)));
    }

    [Fact]
    public void References_OfATemplate_AreAllThatContainersRead()
    {
        var template = Of("""
            spec:
              imagePullSecrets: [{ name: pull }]
              initContainers:
              - { name: init, envFrom: [{ secretRef: { name: from-init } }] }
              containers:
              - name: web
                env:
                - { name: A, valueFrom: { configMapKeyRef: { name: by-key, key: a, optional: true } } }
                - { name: B, valueFrom: { secretKeyRef: { name: by-key, key: b } } }
                envFrom: [{ configMapRef: { name: all } }]
              volumes:
              - { name: a, configMap: { name: volume } }
              - { name: b, secret: { secretName: volume } }
              - { name: c, projected: { sources: [{ configMap: { name: part } }, { secret: { name: part } }] } }
            """);

        Assert.Equal(
            ["ConfigMap all", "ConfigMap by-key", "ConfigMap part", "ConfigMap volume", "Secret by-key", "Secret from-init", "Secret part", "Secret volume"],
            ConfigReferences.Of(template).Select(reference => reference.ToString()));
    }

    [Fact]
    public void Contents_AnotherOrderOfKeys_IsTheSame()
    {
        Assert.Equal(ConfigContents.HashOf([new("a", "1"), new("b", "2")]), ConfigContents.HashOf([new("b", "2"), new("a", "1")]));
        Assert.NotEqual(ConfigContents.HashOf([new("a", "12")]), ConfigContents.HashOf([new("a1", "2")]));
    }

    private static string Name(string yaml) => CanonicalTemplate.Name(Of(yaml.Replace("metadata:\n  {", "metadata: {", StringComparison.Ordinal)), "v1-none");

    private static V1PodTemplateSpec Of(string yaml) => KubernetesYaml.Deserialize<V1PodTemplateSpec>(yaml);
}
