using System.Text.Json;
using FollowUp.Infrastructure.Persistence;
using FollowUp.Web.Http;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Prometheus;

namespace FollowUp.Web.Platform;

/// <summary>What this node does: <c>Role</c> is <c>all</c>, <c>api</c> or <c>worker</c>.</summary>
internal static class Role
{
    /// <summary>Whether it serves the API; a worker has health and metrics only.</summary>
    public static bool Serves(IConfiguration settings) => !string.Equals(settings["Role"], "worker", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Kestrel, logs, health, metrics and headers.</summary>
internal static class Server
{
    private const long MostBodyBytes = 1024 * 1024;

    /// <summary>A page of a list fits in, so that a client that reads slowly does not keep the next one waiting for its turn.</summary>
    private const long BufferedAnswer = 1024 * 1024;

    public static void ConfigureServer(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
            kestrel.Limits.MaxResponseBufferSize = BufferedAnswer;
        });
        if (!builder.Environment.IsDevelopment())
        {
            builder.Logging.ClearProviders().AddJsonConsole(console => console.UseUtcTimestamp = true);
        }
    }

    /// <summary>Before the host starts: it would log what is wrong with a stack trace.</summary>
    public static void CheckSettings(this WebApplication app) => app.Services.GetRequiredService<IStartupValidator>().Validate();

    public static void MapHealthAndMetrics(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteHealth });
        app.MapHealthChecks(
            "/health/ready",
            new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready"), ResponseWriter = WriteHealth }
        );
        app.MapMetrics(registry: MetricsRegistry(app.Lifetime));
    }

    /// <summary>Listens from the start, not from the first scrape, so that nothing goes uncounted; to what operators need, not to all that .NET measures.</summary>
    private static CollectorRegistry MetricsRegistry(IHostApplicationLifetime lifetime)
    {
        var registry = Metrics.NewCustomRegistry();
        DotNetStats.Register(registry);
        var listening = MeterAdapter.StartListening(
            new MeterAdapterOptions
            {
                Registry = registry,
                MetricFactory = Metrics.WithCustomRegistry(registry),
                InstrumentFilterPredicate = instrument =>
                    instrument.Meter.Name is Application.Telemetry.Name or "Npgsql" or "Microsoft.AspNetCore.Hosting",
            }
        );
        lifetime.ApplicationStopped.Register(listening.Dispose);
        return registry;
    }

    public static void UseSecurityHeaders(this WebApplication app) =>
        app.Use(
            (http, next) =>
            {
                // As late as can be: the answer to an exception begins by clearing all headers.
                http.Response.OnStarting(
                    static state =>
                    {
                        Secure((HttpContext)state);
                        return Task.CompletedTask;
                    },
                    http
                );
                return next(http);
            }
        );

    private static void Secure(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // The interactive page runs scripts of this origin and one inline one; pages for recipients say theirs; everything else is data.
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = http.Request.Path.StartsWithSegments("/docs", StringComparison.Ordinal)
                ? "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
                : "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";
        }

        if (http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            headers.CacheControl = "no-store";
        }

        if (http.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }
    }

    /// <summary>While the database has not been reached yet, or has not got its tables, the API says so at once.</summary>
    public static void UseDatabaseGate(this WebApplication app)
    {
        var database = app.Services.GetRequiredService<DatabaseReadiness>();
        app.Use(
            async (http, next) =>
            {
                if (!database.IsReady && http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
                {
                    http.Response.Headers.RetryAfter = "2";
                    await Problems.Of(503).ExecuteAsync(http);
                    return;
                }

                await next(http);
            }
        );
    }

    private static Task WriteHealth(HttpContext http, HealthReport report)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(
            JsonSerializer.Serialize(
                new
                {
                    Status = report.Status.ToString().ToLowerInvariant(),
                    Checks = report.Entries.ToDictionary(
                        entry => entry.Key,
                        entry => new { Status = entry.Value.Status.ToString().ToLowerInvariant(), entry.Value.Description }
                    ),
                },
                Json.Options
            ),
            http.RequestAborted
        );
    }
}
