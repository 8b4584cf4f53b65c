using FollowUp.Web.Platform;
using Microsoft.Extensions.Configuration;

namespace FollowUp.UnitTests.Web;

/// <summary>The metrics port is added to the program's addresses, for every way to configure them.</summary>
public sealed class MetricsPortTests
{
    [Theory]
    [InlineData(null, null, "http://localhost:5000 http://*:9090")]
    [InlineData("urls", "http://*:80;https://*:443", "http://*:80 https://*:443 http://*:9090")]
    [InlineData("http_ports", "8080;8081", "http://*:8080 http://*:8081 http://*:9090")]
    [InlineData("https_ports", "8443", "https://*:8443 http://*:9090")]
    public void The_metrics_port_is_added_to_the_configured_addresses(string? key, string? value, string addresses)
    {
        var settings = new ConfigurationManager();
        if (key is not null)
        {
            settings[key] = value;
        }

        string.Join(' ', MetricsPort.Addresses(settings, 9090)).ShouldBe(addresses);
    }

    [Fact]
    public void The_metrics_port_is_added_to_configured_endpoints()
    {
        var builder = Microsoft.AspNetCore.Builder.WebApplication.CreateBuilder();
        builder.Configuration["Metrics:Port"] = "9090";
        builder.Configuration["Kestrel:Endpoints:Api:Url"] = "http://*:8080";

        builder.AddMetricsPort();

        builder.Configuration["Kestrel:Endpoints:FollowUpMetrics:Url"].ShouldBe("http://*:9090");
        builder.Configuration["Kestrel:Endpoints:Api:Url"].ShouldBe("http://*:8080");
    }
}
