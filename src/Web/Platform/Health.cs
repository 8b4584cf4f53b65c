using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FollowUp.Web.Platform;

/// <summary><c>/health/live</c>: the process runs. <c>/health/ready</c>: the database is reachable and has the tables of this version.</summary>
internal static class Health
{
    public static void MapHealth(this WebApplication app)
    {
        var ready = new CachedReadiness(
            app.Services.GetRequiredService<HealthCheckService>(),
            app.Services.GetRequiredService<TimeProvider>()
        );
        var live = new HealthReport(new Dictionary<string, HealthReportEntry>(), TimeSpan.Zero);
        app.Map("/health/live", http => Write(http, live)).WithMetadata(new Unlimited());
        app.Map("/health/ready", async http => await Write(http, await ready.Report())).WithMetadata(new Unlimited());
    }

    private static Task Write(HttpContext http, HealthReport report)
    {
        http.Response.StatusCode = report.Status == HealthStatus.Unhealthy ? 503 : 200;
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

    /// <summary>Caches a report for a second and shares one that is being created: probes cost at most one query per second.</summary>
    private sealed class CachedReadiness(HealthCheckService checks, TimeProvider time)
    {
        private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);
        private readonly Lock _lock = new();
        private Task<HealthReport>? _report;
        private long _madeAt;

        public Task<HealthReport> Report()
        {
            lock (_lock)
            {
                if (_report is null || _report.IsFaulted || (_report.IsCompleted && time.GetElapsedTime(_madeAt) >= Kept))
                {
                    _report = Make();
                }

                return _report;
            }
        }

        private async Task<HealthReport> Make()
        {
            // Leaves the caller's lock before the checks run.
            await Task.Yield();
            var report = await checks.CheckHealthAsync(check => check.Tags.Contains("ready"), CancellationToken.None);
            _madeAt = time.GetTimestamp();
            return report;
        }
    }
}
