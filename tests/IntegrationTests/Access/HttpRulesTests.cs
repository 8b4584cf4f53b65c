using System.Net;
using FollowUp.IntegrationTests.Support;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Access;

/// <summary>Rules for query parameters, HEAD, entity tags and caching that apply to every route.</summary>
public sealed class HttpRulesTests(AccessProgram program) : IClassFixture<AccessProgram>
{
    [Fact]
    public async Task An_unknown_query_parameter_is_a_400_that_names_it_on_every_route()
    {
        var own = await OwnedRows.Of(program.Alice);
        var box = await program.SandboxOf(program.Alice);

        foreach (var row in AccessTable.Rows.Where(row => !row.IsOpen))
        {
            var (url, body) = row.With(own);
            var asked = url.Contains('?', StringComparison.Ordinal) ? $"{url}&statuss=FAILED" : $"{url}?statuss=FAILED";
            var client =
                row.IsOperator ? program.As(AccessProgram.Operator)
                : row.IsSandbox ? box
                : program.Alice;
            var answer = await client.Send(new HttpMethod(row.Method), asked, body, body is null ? null : row.Type);

            answer.ShouldBe(400).Fields.ShouldBe(["statuss"], row.Route);
        }
    }

    [Fact]
    public async Task The_error_lists_the_known_parameters_and_at_most_100_unknown_ones()
    {
        var answer = (await program.Alice.Get("/api/instances?statuss=FAILED")).ShouldBe(400);
        answer.Json["errors"]!["statuss"]![0]!.ToString().ShouldContain("status");
        var many = string.Join('&', Enumerable.Range(0, 500).Select(i => $"x{i}=1"));

        (await program.Alice.Get($"/api/instances?{many}")).ShouldBe(400).Fields.Length.ShouldBe(100);
        (await program.Alice.Get($"/api/me?{new string('x', 4_000)}=1")).ShouldBe(400).Text.Length.ShouldBeLessThan(1_000);
        (await program.Alice.Get("/api/instances?STATUS=FAILED&Limit=1")).ShouldBe(200);
    }

    /// <summary>The rule for query parameters reads the OpenAPI document, so a route without one would accept any.</summary>
    [Fact]
    public void Every_route_below_api_is_in_the_OpenAPI_document()
    {
        var described = program
            .Services.GetRequiredService<IApiDescriptionGroupCollectionProvider>()
            .ApiDescriptionGroups.Items.SelectMany(group => group.Items)
            .Select(call => call.ActionDescriptor.EndpointMetadata.OfType<IEndpointNameMetadata>().Last().EndpointName)
            .ToHashSet();

        program
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.Ordinal))
            .Select(route => route.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName)
            .ShouldBeSubsetOf(described);
    }

    [Fact]
    public async Task An_unsubscribe_link_accepts_query_parameters_of_trackers()
    {
        using var answer = await program.Http.GetAsync("/u/none?utm_source=x&utm_medium=mail&fbclid=1");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
    }

    [Fact]
    public async Task HEAD_works_wherever_GET_does_with_its_headers_and_without_its_body()
    {
        var own = await OwnedRows.Of(program.Alice);
        var box = await program.SandboxOf(program.Alice);

        foreach (var row in AccessTable.Rows.Where(row => row.Method is "GET" or "*"))
        {
            var client =
                row.IsOperator ? program.As(AccessProgram.Operator)
                : row.IsSandbox ? box
                : program.Alice;
            var url = row.With(own).Url;
            var get = await client.Get(url);
            var head = await client.Send(HttpMethod.Head, url, null, null);

            head.Status.ShouldBe(get.Status, row.Route);
            head.Text.ShouldBeEmpty(row.Route);
            head.ContentType.ShouldBe(get.ContentType, row.Route);
            Names(head).ShouldBe(Names(get), row.Route);
        }

        (await program.Alice.Send(HttpMethod.Head, "/api/preview", null, null)).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await program.Alice.Send(HttpMethod.Head, $"/api/sequences/{Guid.NewGuid()}", null, null)).Status.ShouldBe(
            HttpStatusCode.NotFound
        );
        (await program.With("X-None", "x").Send(HttpMethod.Head, "/api/me", null, null)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task HEAD_of_an_export_ends_with_its_headers()
    {
        await OwnedRows.Of(program.Alice);

        var head = await program.Alice.Send(HttpMethod.Head, "/api/events", null, null, ("Accept", "application/x-ndjson"));

        head.Status.ShouldBe(HttpStatusCode.OK);
        head.ContentType.ShouldBe("application/x-ndjson");
        head.Text.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_OpenAPI_document_is_generated_once_and_has_an_ETag()
    {
        using var first = await program.Http.GetAsync("/openapi/v1.json");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        again.Headers.TryAddWithoutValidation("If-None-Match", first.Headers.ETag!.ToString());

        using var unchanged = await program.Http.SendAsync(again);

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        unchanged.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await program.With("X-None", "x").Get("/openapi/v2.json")).ShouldBe(404);
    }

    private static IEnumerable<string> Names(Answer answer) =>
        answer
            .Headers.Select(header => header.Key)
            .Where(name => name is not ("Transfer-Encoding" or "Date"))
            .Order(StringComparer.Ordinal);
}
