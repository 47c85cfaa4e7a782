using MeshCanary.TestCluster.Commands;

// Called by tests/cluster.sh, which has the help.
return args switch
{
    ["outside", var folder] => await OuterHalf.RunAsync(new StateFolder(folder), ["inside", folder]),
    ["inside", var folder] => await InnerHalf.RunAsync(new StateFolder(folder)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Use tests/cluster.sh.");
    return 2;
}
