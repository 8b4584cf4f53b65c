using System.Net;
using FollowUp.IntegrationTests.Support;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Access;

/// <summary>Query parameters, HEAD, entity tags and cached answers, the same for every route.</summary>
public sealed class HttpRulesTests(AccessProgram street) : IClassFixture<AccessProgram>
{
    [Fact]
    public async Task An_unknown_query_parameter_is_a_400_that_names_it_on_every_route()
    {
        var own = await OwnedRows.Of(street.Alice);
        var box = await street.SandboxOf(street.Alice);

        foreach (var door in AccessTable.Doors.Where(door => !door.IsOpen))
        {
            var (url, body) = door.With(own);
            var asked = url.Contains('?', StringComparison.Ordinal) ? $"{url}&statuss=FAILED" : $"{url}?statuss=FAILED";
            var client =
                door.IsOperator ? street.As(AccessProgram.Operator)
                : door.IsSandbox ? box
                : street.Alice;
            var answer = await client.Send(new HttpMethod(door.Method), asked, body, body is null ? null : door.Type);

            answer.ShouldBe(400).Fields.ShouldBe(["statuss"], door.Route);
        }
    }

    [Fact]
    public async Task The_answer_lists_the_parameters_that_there_are_and_names_at_most_a_hundred()
    {
        var answer = (await street.Alice.Get("/api/instances?statuss=FAILED")).ShouldBe(400);
        answer.Json["errors"]!["statuss"]![0]!.ToString().ShouldContain("status");
        var many = string.Join('&', Enumerable.Range(0, 500).Select(i => $"x{i}=1"));

        (await street.Alice.Get($"/api/instances?{many}")).ShouldBe(400).Fields.Length.ShouldBe(100);
        (await street.Alice.Get($"/api/me?{new string('x', 4_000)}=1")).ShouldBe(400).Text.Length.ShouldBeLessThan(1_000);
        (await street.Alice.Get("/api/instances?STATUS=FAILED&Limit=1")).ShouldBe(200);
    }

    /// <summary>The rule reads the description, so a route without one would take anything.</summary>
    [Fact]
    public void Every_route_below_api_is_described()
    {
        var described = street
            .Services.GetRequiredService<IApiDescriptionGroupCollectionProvider>()
            .ApiDescriptionGroups.Items.SelectMany(group => group.Items)
            .Select(call => call.ActionDescriptor.EndpointMetadata.OfType<IEndpointNameMetadata>().Last().EndpointName)
            .ToHashSet();

        street
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.Ordinal))
            .Select(route => route.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName)
            .ShouldBeSubsetOf(described);
    }

    [Fact]
    public async Task A_link_takes_the_parameters_that_trackers_add()
    {
        using var answer = await street.Http.GetAsync("/u/none?utm_source=x&utm_medium=mail&fbclid=1");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
    }

    [Fact]
    public async Task HEAD_works_wherever_GET_does_with_its_headers_and_without_its_body()
    {
        var own = await OwnedRows.Of(street.Alice);
        var box = await street.SandboxOf(street.Alice);

        foreach (var door in AccessTable.Doors.Where(door => door.Method is "GET" or "*"))
        {
            var client =
                door.IsOperator ? street.As(AccessProgram.Operator)
                : door.IsSandbox ? box
                : street.Alice;
            var url = door.With(own).Url;
            var get = await client.Get(url);
            var head = await client.Send(HttpMethod.Head, url, null, null);

            head.Status.ShouldBe(get.Status, door.Route);
            head.Text.ShouldBeEmpty(door.Route);
            head.ContentType.ShouldBe(get.ContentType, door.Route);
            Names(head).ShouldBe(Names(get), door.Route);
        }

        (await street.Alice.Send(HttpMethod.Head, "/api/preview", null, null)).Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await street.Alice.Send(HttpMethod.Head, $"/api/sequences/{Guid.NewGuid()}", null, null)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await street.With("X-None", "x").Send(HttpMethod.Head, "/api/me", null, null)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task HEAD_of_an_export_ends_with_its_headers()
    {
        await OwnedRows.Of(street.Alice);

        var head = await street.Alice.Send(HttpMethod.Head, "/api/events", null, null, ("Accept", "application/x-ndjson"));

        head.Status.ShouldBe(HttpStatusCode.OK);
        head.ContentType.ShouldBe("application/x-ndjson");
        head.Text.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_description_is_made_once_and_has_an_entity_tag()
    {
        using var first = await street.Http.GetAsync("/openapi/v1.json");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        again.Headers.TryAddWithoutValidation("If-None-Match", first.Headers.ETag!.ToString());

        using var unchanged = await street.Http.SendAsync(again);

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        unchanged.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await street.With("X-None", "x").Get("/openapi/v2.json")).ShouldBe(404);
    }

    private static IEnumerable<string> Names(Answer answer) =>
        answer
            .Headers.Select(header => header.Key)
            .Where(name => name is not ("Transfer-Encoding" or "Date"))
            .Order(StringComparer.Ordinal);
}
