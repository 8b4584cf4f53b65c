using FollowUp.IntegrationTests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Access;

/// <summary>Every route of the running program × every insufficient credential × every position of another user's id.</summary>
public sealed class AccessTableTests(AccessProgram program) : IClassFixture<AccessProgram>
{
    private static IEnumerable<AccessRow> Closed => AccessTable.Rows.Where(row => !row.IsOpen && !row.IsOperator);

    [Fact]
    public void Every_route_has_a_row_in_the_access_matrix_and_every_row_a_route()
    {
        var routes = Routes().Keys.ToHashSet();
        var rows = AccessTable.Rows.Select(row => row.Route).ToHashSet();

        routes
            .Except(rows)
            .ShouldBeEmpty(
                "These routes are in no row of AccessTable.Rows: add one line for each (Reads, Writes or Open), see its comment."
            );
        rows.Except(routes).ShouldBeEmpty("These rows of AccessTable.Rows have no route: remove them, or fix the pattern.");
    }

    [Fact]
    public void A_route_requires_the_access_that_its_row_states()
    {
        foreach (var (route, endpoint) in Routes())
        {
            var row = AccessTable.Rows.First(d => d.Route == route);
            var policies = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>();
            (policies.Count > 0 && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null).ShouldBe(!row.IsOpen, route);
            policies
                .Any(p => p.Policy == FollowUp.Web.Http.Routes.WritePolicy)
                .ShouldBe(row.Writes, $"{route}: routes that change something are mapped by Writes or Creates");
            (row.Method is "GET" or "*" && row.Writes).ShouldBeFalse($"{route}: a GET changes nothing");
        }
    }

    [Fact]
    public async Task Every_protected_route_rejects_missing_and_invalid_credentials()
    {
        var own = await OwnedRows.Of(program.Alice);
        var key = (await program.Alice.Post("/api/keys", """{"name":"revoked"}""")).ShouldBe(201);
        (await program.Alice.Delete($"/api/keys/{key.Id}")).ShouldBe(204);
        List<(string Name, string Header, string Value)> bad =
        [
            .. ForgedTokens.Tokens(program.Issuer),
            ("a revoked key", "X-Api-Key", key.Json["key"]!.ToString()),
        ];
        var before = await program.Changes();

        foreach (var row in AccessTable.Rows.Where(row => !row.IsOpen))
        {
            foreach (var (name, header, value) in bad)
            {
                var answer = await Send(program.With(header, value), row, row.With(own));
                ((int)answer.Status).ShouldBe(401, $"{row.Route} with {name}: {answer.Text}");
                answer.ShouldBe(401).Code.ShouldBe("unauthorized");
            }

            var url = row.Url.Contains('?', StringComparison.Ordinal) ? $"{row.Url}&" : $"{row.Url}?";
            var inQuery = row with { Url = $"{url}access_token={program.Issuer.Token("alice")}" };
            (await Send(program.With("X-None", "x"), inQuery, inQuery.With(own))).ShouldBe(401);
        }

        (await program.ChangesSince(before)).ShouldBe("");
    }

    [Fact]
    public async Task Operator_routes_reject_all_other_callers()
    {
        var own = await OwnedRows.Of(program.Alice);
        var key = (await program.Alice.Post("/api/keys", """{"name":"k"}""")).ShouldBe(201).Json["key"]!.ToString();
        var operators = (await program.As(AccessProgram.Operator).Post("/api/keys", """{"name":"k"}""")).ShouldBe(201).Json[
            "key"
        ]!.ToString();
        Client[] others =
        [
            program.Alice,
            program.With("X-Api-Key", key),
            program.With("X-Api-Key", operators),
            await program.SandboxOf(program.Alice),
        ];
        var before = await program.Changes();

        foreach (var row in AccessTable.Rows.Where(row => row.IsOperator))
        {
            foreach (var client in others)
            {
                (await Send(client, row, row.With(own))).ShouldBe(403).Code.ShouldBe("operatorRequired", row.Route);
            }
        }

        (await program.ChangesSince(before)).ShouldBe("");
    }

    [Fact]
    public async Task Ids_of_another_user_reveal_nothing_in_every_position()
    {
        var theirs = await OwnedRows.Of(program.Alice);
        var own = await OwnedRows.Of(program.Bob);
        var box = await program.SandboxOf(program.Bob);
        var before = await program.Changes();

        foreach (var row in Closed)
        {
            for (var position = -1; position < row.Positions && row.Positions > 0; position++)
            {
                var answer = await Send(row.IsSandbox ? box : program.Bob, row, row.With(own, theirs, position));
                ((int)answer.Status).ShouldBeOneOf(Expected(row.Foreign), $"{row.Route}, position {position}: {answer.Text}");
                if (row.Foreign == Foreign.Nothing)
                {
                    (answer.Json["items"]?.AsArray().Count ?? answer.Json["matching"]!.GetValue<int>()).ShouldBe(0, row.Route);
                }
            }
        }

        (await program.ChangesSince(before)).ShouldBe("");
    }

    [Fact]
    public async Task A_read_only_key_cannot_change_anything_on_any_route()
    {
        var own = await OwnedRows.Of(program.Alice);
        var secret = (await program.Alice.Post("/api/keys", """{"name":"BI","readOnly":true}""")).ShouldBe(201).Json["key"]!.ToString();
        var box = await program.SandboxOf(program.Alice, readOnly: true);
        var before = await program.Changes();

        foreach (var row in Closed)
        {
            var answer = await Send(row.IsSandbox ? box : program.With("X-Api-Key", secret), row, row.With(own));
            ((int)answer.Status).ShouldBe(row.Writes ? 403 : row.Answers, $"{row.Route}: {answer.Text}");
            if (row.Writes)
            {
                answer.ShouldBe(403).Code.ShouldBe("readOnlyKey");
            }
        }

        (await program.ChangesSince(before)).ShouldBe("");
    }

    /// <summary>Validates the tests above: the same requests with the user's own ids succeed.</summary>
    [Fact]
    public async Task Requests_with_a_users_own_ids_succeed_and_contain_no_data_of_others()
    {
        var theirs = await OwnedRows.Of(program.Alice);
        var box = await program.SandboxOf(program.Bob);
        foreach (var row in Closed)
        {
            var answer = await Send(row.IsSandbox ? box : program.Bob, row, row.With(await OwnedRows.Of(program.Bob)));

            ((int)answer.Status).ShouldBeOneOf([200, 201, 202, 204, 409], $"{row.Route}: {answer.Text}");
            theirs.Ids.ShouldAllBe(id => !answer.Text.Contains(id), row.Route);
        }
    }

    [Fact]
    public async Task A_sandbox_key_reaches_no_live_data_of_its_user_on_any_route()
    {
        var live = await OwnedRows.Of(program.Alice);
        var box = await program.SandboxOf(program.Alice);
        var inBox = await OwnedRows.Of(box, program.Alice);
        var before = await program.Changes();

        foreach (var row in Closed)
        {
            for (var position = -1; position < Math.Max(1, row.Positions); position++)
            {
                var answer = await Send(box, row, row.With(inBox, live, position));
                int[] expected =
                    row.IsOutside ? [403]
                    : row.Positions == 0 ? [200, 201, 204, 409]
                    : Expected(row.Foreign);
                ((int)answer.Status).ShouldBeOneOf(expected, $"{row.Route}, position {position}: {answer.Text}");
                live.Ids.ShouldAllBe(id => !answer.Text.Contains(id), row.Route);
            }
        }

        (await program.ChangesSince(before)).ShouldBe("");
    }

    [Fact]
    public async Task A_live_credential_reaches_no_sandbox_data_of_its_user_on_any_route()
    {
        var live = await OwnedRows.Of(program.Alice);
        var box = await program.SandboxOf(program.Alice);
        var inBox = await OwnedRows.Of(box, program.Alice);
        var before = await program.Changes();

        foreach (var row in Closed.Where(row => row.IsSandbox || (row.Positions > 0 && !row.IsOutside)))
        {
            for (var position = -1; position < Math.Max(1, row.Positions); position++)
            {
                var answer = await Send(program.Alice, row, row.With(live, inBox, position));
                ((int)answer.Status).ShouldBeOneOf(
                    row.IsSandbox ? [403] : Expected(row.Foreign),
                    $"{row.Route}, position {position}: {answer.Text}"
                );
            }
        }

        (await program.ChangesSince(before)).ShouldBe("");
        (await box.Get($"/api/instances/{inBox["instance"]}")).Json["status"]!.ToString().ShouldBe("ACTIVE");
    }

    [Fact]
    public async Task Public_routes_answer_without_a_credential()
    {
        foreach (var row in AccessTable.Rows.Where(row => row.IsOpen))
        {
            var method = row.Method == "*" ? HttpMethod.Get : new HttpMethod(row.Method);
            var answer = await program.With("X-None", "x").Send(method, row.Url, null, null);
            ((int)answer.Status).ShouldBe(row.Answers, $"{row.Route}: {answer.Text}");
        }

        (await program.With("X-None", "x").Post("/dev/token", """{"subject":"alice"}""")).ShouldBe(404);
    }

    private static int[] Expected(Foreign foreign) =>
        foreign switch
        {
            Foreign.NotFound => [404],
            Foreign.Nothing => [200],
            Foreign.Invalid => [400, 404],
            _ => throw new ArgumentOutOfRangeException(nameof(foreign)),
        };

    private static Task<Answer> Send(Client client, AccessRow row, (string Url, string? Body) request) =>
        client.Send(new HttpMethod(row.Method), request.Url, request.Body, request.Body is null ? null : row.Type);

    private Dictionary<string, RouteEndpoint> Routes()
    {
        Dictionary<string, RouteEndpoint> routes = [];
        foreach (var endpoint in program.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"])
            {
                routes.TryAdd($"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}", endpoint);
            }
        }

        return routes;
    }
}
