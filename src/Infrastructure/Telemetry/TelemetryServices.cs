using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace FollowUp.Infrastructure.Telemetry;

/// <summary>Registers health checks, and OpenTelemetry if a collector is configured.</summary>
internal static class TelemetryServices
{
    private static readonly TimeSpan HealthTimeout = TimeSpan.FromSeconds(2);

    public static void AddTelemetry(this IServiceCollection services, IConfiguration settings)
    {
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: ["ready"], timeout: HealthTimeout);

        // OpenTelemetry's standard variable; without a collector nothing is exported, but /metrics is still served.
        if (string.IsNullOrEmpty(settings["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            return;
        }

        services
            .AddOpenTelemetry()
            .WithTracing(traces =>
                traces
                    .AddSource(Application.Telemetry.Name)
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddNpgsql()
                    .AddProcessor(new PrivateSpans())
            )
            .WithMetrics(metrics =>
                metrics.AddMeter(Application.Telemetry.Name, "Npgsql").AddAspNetCoreInstrumentation().AddHttpClientInstrumentation()
            )
            .UseOtlpExporter();
    }
}

/// <summary>Whether the database responds and has this version's tables.</summary>
internal sealed class DatabaseHealth(NpgsqlDataSource dataSource, DatabaseReadiness readiness) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!readiness.IsReady)
        {
            return HealthCheckResult.Unhealthy("The database could not be reached yet, or its tables are not there yet.");
        }

        try
        {
            await using var command = dataSource.CreateCommand("SELECT 1");
            // A hanging connection may not react to the cancellation in time.
            await command.ExecuteScalarAsync(cancellationToken).WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.");
        }
    }
}
