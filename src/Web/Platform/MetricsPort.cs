using FollowUp.Infrastructure;

namespace FollowUp.Web.Platform;

/// <summary>Marks the metrics route.</summary>
internal sealed record MetricsRoute;

/// <summary>
/// <c>Metrics:Port</c> serves <c>/metrics</c> on a separate port, which a firewall can protect. That port serves only health and metrics, and
/// the other ports no longer serve metrics.
/// </summary>
internal static class MetricsPort
{
    private const string Key = "Metrics:Port";
    private const string DefaultUrl = "http://localhost:5000";
    private const string KestrelEndpoints = "Kestrel:Endpoints";

    /// <summary>Adds the port to the addresses that the server listens on.</summary>
    public static void AddMetricsPort(this WebApplicationBuilder builder)
    {
        if (Port(builder.Configuration) is not { } port)
        {
            return;
        }

        if (builder.Configuration.GetSection(KestrelEndpoints).Exists())
        {
            // When Kestrel endpoints are configured, the server ignores all other addresses.
            builder.Configuration[$"{KestrelEndpoints}:FollowUpMetrics:Url"] = $"http://*:{port}";
        }
        else
        {
            builder.WebHost.UseUrls(Addresses(builder.Configuration, port));
        }
    }

    /// <summary>The addresses that the server would listen on without this port, and the port. Configured addresses override port settings.</summary>
    internal static string[] Addresses(IConfiguration settings, int port)
    {
        var addresses = Split(settings[WebHostDefaults.ServerUrlsKey]);
        if (addresses.Length == 0)
        {
            addresses =
            [
                .. Split(settings[WebHostDefaults.HttpPortsKey]).Select(each => $"http://*:{each}"),
                .. Split(settings[WebHostDefaults.HttpsPortsKey]).Select(each => $"https://*:{each}"),
            ];
        }

        return [.. addresses.Length == 0 ? [DefaultUrl] : addresses, $"http://*:{port}"];
    }

    private static string[] Split(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public static void UseMetricsPort(this WebApplication app)
    {
        if (Port(app.Configuration) is not { } port)
        {
            return;
        }

        app.Use(
            (http, next) =>
            {
                var route = http.GetEndpoint()?.Metadata;
                var isMetrics = route?.GetMetadata<MetricsRoute>() is not null;
                var isHere = http.Connection.LocalPort == port ? isMetrics || route?.GetMetadata<Unlimited>() is not null : !isMetrics;
                return isHere ? next(http) : Problems.Of(404).ExecuteAsync(http);
            }
        );
    }

    private static int? Port(IConfiguration settings) => string.IsNullOrEmpty(settings[Key]) ? null : settings.Whole(Key, 0, 1, 65_535);
}
