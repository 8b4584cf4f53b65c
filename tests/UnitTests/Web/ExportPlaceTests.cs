using FollowUp.Web.Http;
using FollowUp.Web.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace FollowUp.UnitTests.Web;

/// <summary>An export has a place apart from lists only where the route really streams one.</summary>
public sealed class ExportPlaceTests
{
    private static readonly CallerConcurrency Turns = new(new ConfigurationBuilder().Build());
    private static readonly Exports Log = new("application/x-ndjson", "text/csv");

    [Theory]
    [InlineData("text/csv")]
    [InlineData("application/x-ndjson, application/json;q=0.5")]
    [InlineData("Text/CSV")]
    public void A_request_that_prefers_a_format_of_the_route_is_an_export(string accept) =>
        PlaceOf(accept, Log).ShouldBe("exports of alice");

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json, text/csv;q=0.1")]
    [InlineData("*/*")]
    [InlineData("text/csv;q=0")]
    [InlineData("application/pdf")]
    [InlineData("")]
    public void A_request_for_a_page_of_JSON_is_a_list(string accept) => PlaceOf(accept, Log).ShouldBe("alice");

    [Theory]
    [InlineData("text/csv", null)]
    [InlineData("application/x-ndjson", null)]
    [InlineData("application/x-ndjson", "text/csv")]
    public void A_route_without_the_format_returns_a_list_for_any_Accept(string accept, string? format) =>
        PlaceOf(accept, format is null ? null : new Exports(format)).ShouldBe("alice");

    private static string PlaceOf(string accept, Exports? exports)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = "GET";
        http.Request.Headers.Accept = accept;
        object[] metadata = exports is null ? [ConcurrencyLimited.Instance] : [ConcurrencyLimited.Instance, exports];
        http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(metadata), "list"));
        return Turns.For(http, "alice").PartitionKey;
    }
}
