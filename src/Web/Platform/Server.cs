using FollowUp.Application.Dispatch;
using FollowUp.Infrastructure;
using FollowUp.Infrastructure.Persistence;
using FollowUp.Web.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Prometheus;

namespace FollowUp.Web.Platform;

/// <summary>What this node does: <c>Role</c> is <c>all</c>, <c>api</c> or <c>worker</c>.</summary>
internal static class Role
{
    /// <summary>Whether it serves the API; a worker has health and metrics only.</summary>
    public static bool Serves(IConfiguration settings) => !string.Equals(settings["Role"], "worker", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Kestrel, logs and metrics.</summary>
internal static class Server
{
    /// <summary>The largest body of a route that sets no limit of its own.</summary>
    public const long MostBodyBytes = 1024 * 1024;

    /// <summary>A page of a list fits in, so that a client that reads slowly does not keep the next one waiting for its turn.</summary>
    private const long BufferedAnswer = 1024 * 1024;

    /// <summary>A client that sends less than this for longer than the grace is cut off with 408; time in which the program does not read does not count.</summary>
    private const double SlowestBodyBytesPerSecond = 2048;

    private static readonly TimeSpan SlowBodyGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(90);

    public static void ConfigureServer(this WebApplicationBuilder builder)
    {
        var connections = builder.Configuration.Whole("Server:MaxConnections", 10_000, 10, 1_000_000);
        ConnectionLimits.Add(builder);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureEndpointDefaults(ConnectionLimits.ApplyTo);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
            kestrel.Limits.MaxResponseBufferSize = BufferedAnswer;
            kestrel.Limits.MaxConcurrentConnections = connections;
            kestrel.Limits.RequestHeadersTimeout = HeadersWithin;
            kestrel.Limits.KeepAliveTimeout = IdleConnection;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(SlowestBodyBytesPerSecond, SlowBodyGrace);
        });
        if (!builder.Environment.IsDevelopment())
        {
            builder
                .Logging.ClearProviders()
                .AddJsonConsole(console =>
                {
                    console.UseUtcTimestamp = true;
                    // Without a format the console writes no timestamps at all.
                    console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
                });
        }
    }

    /// <summary>Before the host starts: it would log what is wrong with a stack trace.</summary>
    public static void CheckSettings(this WebApplication app) => app.Services.GetRequiredService<IStartupValidator>().Validate();

    public static void MapPrometheus(this WebApplication app) =>
        app.MapMetrics(registry: MetricsRegistry(app)).WithMetadata(new MetricsRoute());

    /// <summary>Listens from the start, not from the first scrape, so that nothing goes uncounted, and only to what operators need.</summary>
    private static CollectorRegistry MetricsRegistry(WebApplication app)
    {
        var registry = Metrics.NewCustomRegistry();
        DotNetStats.Register(registry);
        var engine = new MeterExport(registry, app.Services.GetRequiredService<EngineMetrics>());
        var others = MeterAdapter.StartListening(
            new MeterAdapterOptions
            {
                Registry = registry,
                MetricFactory = Metrics.WithCustomRegistry(registry),
                InstrumentFilterPredicate = instrument => instrument.Meter.Name is "Npgsql" or "Microsoft.AspNetCore.Hosting",
            }
        );
        app.Lifetime.ApplicationStopped.Register(engine.Dispose);
        app.Lifetime.ApplicationStopped.Register(others.Dispose);
        return registry;
    }

    /// <summary>Until the database has been reached and has its tables, everything that needs it answers 503 at once.</summary>
    public static void UseDatabaseGate(this WebApplication app)
    {
        var database = app.Services.GetRequiredService<DatabaseReadiness>();
        app.Use(
            async (http, next) =>
            {
                if (!database.IsReady && Credentials.AreAskedFor(http))
                {
                    http.Response.Headers.RetryAfter = "2";
                    await Problems.Of(503).ExecuteAsync(http);
                    return;
                }

                await next(http);
            }
        );
    }
}
