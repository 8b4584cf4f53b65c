using FollowUp.Application.Dispatch;
using FollowUp.Infrastructure;
using FollowUp.Infrastructure.Persistence;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Prometheus;

namespace FollowUp.Web.Platform;

/// <summary>The role of this node: <c>Role</c> is <c>all</c>, <c>api</c> or <c>worker</c>.</summary>
internal static class Role
{
    /// <summary>Whether the node serves the API. A worker serves only health and metrics.</summary>
    public static bool Serves(IConfiguration settings) => !string.Equals(settings["Role"], "worker", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Configuration of Kestrel, logs and metrics.</summary>
internal static class Server
{
    /// <summary>The maximum body size of routes without their own limit.</summary>
    public const long MostBodyBytes = 1024 * 1024;

    /// <summary>Holds a typical page of a list, so that a slow client does not delay the next request in its queue.</summary>
    private const long BufferedAnswer = 1024 * 1024;

    /// <summary>A client that sends less than this for longer than the grace period gets 408. Time in which the program does not read does not count.</summary>
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
                    // Without a format the console writes no timestamps.
                    console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
                });
        }
    }

    /// <summary>Validates before the host starts, which would log errors with a stack trace.</summary>
    public static void CheckSettings(this WebApplication app) => app.Services.GetRequiredService<IStartupValidator>().Validate();

    public static void MapPrometheus(this WebApplication app) =>
        app.MapMetrics(registry: MetricsRegistry(app)).WithMetadata(new MetricsRoute());

    /// <summary>Listens from the start instead of the first scrape, so that nothing goes uncounted, and only to the meters that operators need.</summary>
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

    /// <summary>Answers 503 to requests that need the database until it has been reached and has its tables.</summary>
    public static void UseDatabaseGate(this WebApplication app)
    {
        var database = app.Services.GetRequiredService<DatabaseReadiness>();
        app.Use(
            async (http, next) =>
            {
                if (!database.IsReady && Credentials.NeedTheDatabase(http))
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
