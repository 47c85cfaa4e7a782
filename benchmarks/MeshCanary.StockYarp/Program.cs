// YARP as its documentation shows it: routes and clusters from configuration, the default host, nothing tuned.
// benchmarks/proxy writes the configuration and names it by --config; all that it says is where to listen, the two
// destinations, RoundRobin, and that nothing is logged for each request, as with the other proxies.
var builder = WebApplication.CreateBuilder(args);
if (builder.Configuration["config"] is { } file)
    builder.Configuration.AddJsonFile(Path.GetFullPath(file), optional: false);
builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"));

var app = builder.Build();
app.MapReverseProxy();
app.Run();
