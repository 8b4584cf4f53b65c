using FollowUp.IntegrationTests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Access;

/// <summary>Every route of the running program × every credential that is not good enough × every place where another user's id fits.</summary>
public sealed class AccessTableTests(AccessProgram street) : IClassFixture<AccessProgram>
{
    private static IEnumerable<Door> Closed => AccessTable.Doors.Where(door => !door.IsOpen && !door.IsOperator);

    [Fact]
    public void Every_route_has_its_row_and_every_row_its_route()
    {
        var routes = Routes().Keys.ToHashSet();
        var rows = AccessTable.Doors.Select(door => door.Route).ToHashSet();

        routes
            .Except(rows)
            .ShouldBeEmpty(
                "These routes are in no row of AccessTable.Doors: add one line for each (Reads, Writes or Open), see its comment."
            );
        rows.Except(routes).ShouldBeEmpty("These rows of AccessTable.Doors have no route (any more): take them out, or mend the pattern.");
    }

    [Fact]
    public void A_route_asks_for_what_its_row_says()
    {
        foreach (var (route, endpoint) in Routes())
        {
            var door = AccessTable.Doors.First(d => d.Route == route);
            var policies = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>();
            (policies.Count > 0 && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null).ShouldBe(!door.IsOpen, route);
            policies
                .Any(p => p.Policy == FollowUp.Web.Http.Routes.WritePolicy)
                .ShouldBe(door.Writes, $"{route}: routes that change something are mapped by Writes or Creates");
            (door.Method is "GET" or "*" && door.Writes).ShouldBeFalse($"{route}: a GET changes nothing");
        }
    }

    [Fact]
    public async Task No_route_lets_anybody_in_without_a_good_credential()
    {
        var own = await OwnedRows.Of(street.Alice);
        var key = (await street.Alice.Post("/api/keys", """{"name":"revoked"}""")).ShouldBe(201);
        (await street.Alice.Delete($"/api/keys/{key.Id}")).ShouldBe(204);
        List<(string Name, string Header, string Value)> bad =
        [
            .. ForgedTokens.Tokens(street.Issuer),
            ("a revoked key", "X-Api-Key", key.Json["key"]!.ToString()),
        ];
        var before = await street.Changes();

        foreach (var door in AccessTable.Doors.Where(door => !door.IsOpen))
        {
            foreach (var (name, header, value) in bad)
            {
                var answer = await Knock(street.With(header, value), door, door.With(own));
                ((int)answer.Status).ShouldBe(401, $"{door.Route} with {name}: {answer.Text}");
                answer.ShouldBe(401).Code.ShouldBe("unauthorized");
            }

            var url = door.Url.Contains('?', StringComparison.Ordinal) ? $"{door.Url}&" : $"{door.Url}?";
            var inQuery = door with { Url = $"{url}access_token={street.Issuer.Token("alice")}" };
            (await Knock(street.With("X-None", "x"), inQuery, inQuery.With(own))).ShouldBe(401);
        }

        (await street.ChangesSince(before)).ShouldBe("");
    }

    [Fact]
    public async Task The_operators_doors_are_closed_to_everybody_else()
    {
        var own = await OwnedRows.Of(street.Alice);
        var key = (await street.Alice.Post("/api/keys", """{"name":"k"}""")).ShouldBe(201).Json["key"]!.ToString();
        var operators = (await street.As(AccessProgram.Operator).Post("/api/keys", """{"name":"k"}""")).ShouldBe(201).Json[
            "key"
        ]!.ToString();
        Client[] others =
        [
            street.Alice,
            street.With("X-Api-Key", key),
            street.With("X-Api-Key", operators),
            await street.SandboxOf(street.Alice),
        ];
        var before = await street.Changes();

        foreach (var door in AccessTable.Doors.Where(door => door.IsOperator))
        {
            foreach (var client in others)
            {
                (await Knock(client, door, door.With(own))).ShouldBe(403).Code.ShouldBe("operatorRequired", door.Route);
            }
        }

        (await street.ChangesSince(before)).ShouldBe("");
    }

    [Fact]
    public async Task Another_users_ids_lead_nowhere_in_any_position()
    {
        var theirs = await OwnedRows.Of(street.Alice);
        var own = await OwnedRows.Of(street.Bob);
        var box = await street.SandboxOf(street.Bob);
        var before = await street.Changes();

        foreach (var door in Closed)
        {
            for (var position = -1; position < door.Positions && door.Positions > 0; position++)
            {
                var answer = await Knock(door.IsSandbox ? box : street.Bob, door, door.With(own, theirs, position));
                ((int)answer.Status).ShouldBeOneOf(Expected(door.Foreign), $"{door.Route}, position {position}: {answer.Text}");
                if (door.Foreign == Foreign.Nothing)
                {
                    (answer.Json["items"]?.AsArray().Count ?? answer.Json["matching"]!.GetValue<int>()).ShouldBe(0, door.Route);
                }
            }
        }

        (await street.ChangesSince(before)).ShouldBe("");
    }

    [Fact]
    public async Task A_read_only_key_changes_nothing_by_any_route()
    {
        var own = await OwnedRows.Of(street.Alice);
        var secret = (await street.Alice.Post("/api/keys", """{"name":"BI","readOnly":true}""")).ShouldBe(201).Json["key"]!.ToString();
        var box = await street.SandboxOf(street.Alice, readOnly: true);
        var before = await street.Changes();

        foreach (var door in Closed)
        {
            var answer = await Knock(door.IsSandbox ? box : street.With("X-Api-Key", secret), door, door.With(own));
            ((int)answer.Status).ShouldBe(door.Writes ? 403 : 200, $"{door.Route}: {answer.Text}");
            if (door.Writes)
            {
                answer.ShouldBe(403).Code.ShouldBe("readOnlyKey");
            }
        }

        (await street.ChangesSince(before)).ShouldBe("");
    }

    /// <summary>Else the tests above would prove nothing: the same requests, with one's own ids, go through.</summary>
    [Fact]
    public async Task The_same_requests_with_ones_own_ids_go_through_and_show_nothing_of_others()
    {
        var theirs = await OwnedRows.Of(street.Alice);
        var box = await street.SandboxOf(street.Bob);
        foreach (var door in Closed)
        {
            var answer = await Knock(door.IsSandbox ? box : street.Bob, door, door.With(await OwnedRows.Of(street.Bob)));

            ((int)answer.Status).ShouldBeOneOf([200, 201, 202, 204, 409], $"{door.Route}: {answer.Text}");
            theirs.Ids.ShouldAllBe(id => !answer.Text.Contains(id), door.Route);
        }
    }

    [Fact]
    public async Task A_sandbox_key_meets_nothing_of_its_own_users_live_world_by_any_route()
    {
        var live = await OwnedRows.Of(street.Alice);
        var box = await street.SandboxOf(street.Alice);
        var inBox = await OwnedRows.Of(box, street.Alice);
        var before = await street.Changes();

        foreach (var door in Closed)
        {
            for (var position = -1; position < Math.Max(1, door.Positions); position++)
            {
                var answer = await Knock(box, door, door.With(inBox, live, position));
                int[] expected =
                    door.IsOutside ? [403]
                    : door.Positions == 0 ? [200, 201, 204, 409]
                    : Expected(door.Foreign);
                ((int)answer.Status).ShouldBeOneOf(expected, $"{door.Route}, position {position}: {answer.Text}");
                live.Ids.ShouldAllBe(id => !answer.Text.Contains(id), door.Route);
            }
        }

        (await street.ChangesSince(before)).ShouldBe("");
    }

    [Fact]
    public async Task A_live_credential_meets_nothing_of_its_own_users_sandbox_by_any_route()
    {
        var live = await OwnedRows.Of(street.Alice);
        var box = await street.SandboxOf(street.Alice);
        var inBox = await OwnedRows.Of(box, street.Alice);
        var before = await street.Changes();

        foreach (var door in Closed.Where(door => door.IsSandbox || (door.Positions > 0 && !door.IsOutside)))
        {
            for (var position = -1; position < Math.Max(1, door.Positions); position++)
            {
                var answer = await Knock(street.Alice, door, door.With(live, inBox, position));
                ((int)answer.Status).ShouldBeOneOf(
                    door.IsSandbox ? [403] : Expected(door.Foreign),
                    $"{door.Route}, position {position}: {answer.Text}"
                );
            }
        }

        (await street.ChangesSince(before)).ShouldBe("");
        (await box.Get($"/api/instances/{inBox["instance"]}")).Json["status"]!.ToString().ShouldBe("ACTIVE");
    }

    [Fact]
    public async Task Open_doors_answer_anybody()
    {
        foreach (var door in AccessTable.Doors.Where(door => door.IsOpen))
        {
            var method = door.Method == "*" ? HttpMethod.Get : new HttpMethod(door.Method);
            var answer = await street.With("X-None", "x").Send(method, door.Url, null, null);
            ((int)answer.Status).ShouldBe(door.Answers, $"{door.Route}: {answer.Text}");
        }

        (await street.With("X-None", "x").Post("/dev/token", """{"subject":"alice"}""")).ShouldBe(404);
    }

    private static int[] Expected(Foreign foreign) =>
        foreign switch
        {
            Foreign.NotFound => [404],
            Foreign.Nothing => [200],
            Foreign.Invalid => [400, 404],
            _ => throw new ArgumentOutOfRangeException(nameof(foreign)),
        };

    private static Task<Answer> Knock(Client client, Door door, (string Url, string? Body) request) =>
        client.Send(new HttpMethod(door.Method), request.Url, request.Body, request.Body is null ? null : door.Type);

    private Dictionary<string, RouteEndpoint> Routes()
    {
        Dictionary<string, RouteEndpoint> routes = [];
        foreach (var endpoint in street.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"])
            {
                routes.TryAdd($"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}", endpoint);
            }
        }

        return routes;
    }
}
