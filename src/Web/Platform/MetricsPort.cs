using FollowUp.Infrastructure;
using FollowUp.Web.Endpoints;
using FollowUp.Web.Http;

namespace FollowUp.Web.Platform;

/// <summary>Marks the route of the metrics.</summary>
internal sealed record MetricsRoute;

/// <summary>
/// <c>Metrics:Port</c> gives <c>/metrics</c> a port of its own, which a firewall can keep inside. That port serves health and metrics and nothing
/// else, and the other ports no metrics.
/// </summary>
internal static class MetricsPort
{
    private const string Key = "Metrics:Port";
    private const string DefaultUrl = "http://localhost:5000";

    /// <summary>Adds the port to the addresses that the program listens on.</summary>
    public static void AddMetricsPort(this WebApplicationBuilder builder)
    {
        if (Port(builder.Configuration) is { } port)
        {
            var urls = builder.Configuration[WebHostDefaults.ServerUrlsKey];
            builder.WebHost.UseUrls($"{(string.IsNullOrEmpty(urls) ? DefaultUrl : urls)};http://*:{port}");
        }
    }

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
