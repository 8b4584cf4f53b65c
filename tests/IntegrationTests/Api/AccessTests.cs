using System.Text.Json.Nodes;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

public sealed class AccessTests(TestProgram program) : ApiTest(program)
{
    [Theory]
    [InlineData("GET", "/api/sequences")]
    [InlineData("POST", "/api/sequences")]
    [InlineData("GET", "/api/instances")]
    [InlineData("GET", "/api/events")]
    [InlineData("GET", "/api/me")]
    [InlineData("POST", "/api/keys")]
    [InlineData("GET", "/api/nothing")]
    public async Task Without_a_valid_credential_every_route_is_401(string method, string path)
    {
        foreach (
            var (name, value) in new[]
            {
                ("X-None", ""),
                ("Authorization", "Bearer rubbish"),
                ("X-Api-Key", "fu_unknown"),
                ("X-Api-Key", ""),
            }
        )
        {
            var answer = await new Client(Anonymous, (name, value)).Send(new HttpMethod(method), path, "{}", "application/json");

            answer.ShouldBe(401).Code.ShouldBe("unauthorized");
        }
    }

    [Fact]
    public async Task Rows_of_other_users_are_404_on_every_route()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        var id = await Alice.Enroll(sequence);
        var key = (await Alice.Post("/api/keys", """{"name":"k"}""")).ShouldBe(201).Id;

        (await Bob.Get(sequence)).ShouldBe(404);
        (await Bob.Put(sequence, """{"name":"mine"}""")).ShouldBe(404);
        (await Bob.Delete(sequence)).ShouldBe(404);
        (await Bob.Patch(sequence, $$"""{"action":"pause","scheduledId":"{{id}}"}""")).ShouldBe(404);
        (await Bob.Post($"{sequence}/instances", """{"recipient":{"email":"x@example.com"}}""")).ShouldBe(404);
        (await Bob.Patch(await Bob.Sequence(MinimalSequence), $$"""{"action":"pause","scheduledId":"{{id}}"}""")).ShouldBe(404);
        (await Bob.Get($"/api/instances/{id}")).ShouldBe(404);
        (await Bob.Get($"/api/instances/{id}/events")).ShouldBe(404);
        (await Bob.Get($"/api/instances/{id}/verify")).ShouldBe(404);
        foreach (var verb in new[] { "pause", "resume", "retry", "skip" })
        {
            (await Bob.Post($"/api/instances/{id}/{verb}")).ShouldBe(404);
        }

        (await Bob.Post($"/api/instances/{id}/stop", """{"reason":"manual"}""")).ShouldBe(404);
        (await Bob.Post($"/api/instances/{id}/resolve", """{"outcome":"sent"}""")).ShouldBe(404);
        (await Bob.Delete($"/api/keys/{key}")).ShouldBe(404);
        (await Bob.Get("/api/instances?sequenceId=" + sequence.Split('/')[^1])).ShouldBe(200).Json["items"]!.AsArray().ShouldBeEmpty();
        (await Bob.Get("/api/events")).ShouldBe(200).Json["items"]!.AsArray().ShouldBeEmpty();
        (await Bob.Get("/api/keys")).ShouldBe(200).Json["items"]!.AsArray().ShouldBeEmpty();
        (await Alice.Get($"/api/instances/{id}")).ShouldBe(200).Json["status"]!.ToString().ShouldBe("ACTIVE");
    }

    [Fact]
    public async Task An_API_key_authenticates_its_user_until_it_is_revoked()
    {
        var made = (await Alice.Post("/api/keys", """{"name":"CRM"}""")).ShouldBe(201);
        var secret = made.Json["key"]!.ToString();
        var client = WithKey(secret);

        var sequence = await client.Sequence(MinimalSequence);
        (await Alice.Get(sequence)).ShouldBe(200);
        (await client.Get("/api/me")).ShouldBe(200).Json["credential"]!.ToString().ShouldBe("apiKey");
        (await Alice.Get("/api/keys")).Text.ShouldNotContain(secret);
        (await Database.Read<long>("SELECT count(*) FROM api_key WHERE api_key::text LIKE '%' || $1 || '%'", secret)).ShouldBe(0);
        (await Alice.Delete($"/api/keys/{made.Id}")).ShouldBe(204);
        (await client.Get("/api/me")).ShouldBe(401);
        (await Alice.Delete($"/api/keys/{made.Id}")).ShouldBe(404);
    }

    [Fact]
    public async Task A_read_only_key_can_read_but_not_change()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        var id = await Alice.Enroll(sequence);
        var secret = (await Alice.Post("/api/keys", """{"name":"BI","readOnly":true}""")).ShouldBe(201).Json["key"]!.ToString();
        var client = WithKey(secret);

        (await client.Get("/api/sequences")).ShouldBe(200);
        (await client.Get($"/api/instances/{id}/events")).ShouldBe(200);
        (await client.Post("/api/sequences", MinimalSequence)).ShouldBe(403).Code.ShouldBe("readOnlyKey");
        (await client.Delete(sequence)).ShouldBe(403);
        (await client.Post($"/api/instances/{id}/pause")).ShouldBe(403);
        (await client.Post("/api/keys", """{"name":"x"}""")).ShouldBe(403);
    }

    [Fact]
    public async Task Stored_idempotent_responses_contain_no_secret()
    {
        var made = (await Alice.Post("/api/keys", """{"name":"CRM"}""", ("Idempotency-Key", "k"))).ShouldBe(201);
        var again = await Alice.Post("/api/keys", """{"name":"CRM"}""", ("Idempotency-Key", "k"));
        var other = await Alice.Post("/api/keys", """{"name":"another"}""", ("Idempotency-Key", "k"));

        again.ShouldBe(409).Code.ShouldBe("secretAlreadyShown");
        other.ShouldBe(409).Code.ShouldBe("idempotencyKeyReused");
        again.Text.ShouldNotContain(made.Json["key"]!.ToString());
        (await Alice.Get("/api/keys")).Json["items"]!.AsArray().Count.ShouldBe(1);
        // Nonce and tag of an empty text, and nothing between them.
        (await Database.Read<byte[]>("SELECT answer FROM idempotency_key")).Length.ShouldBe(12 + 16);
    }

    [Fact]
    public async Task Me_returns_the_caller()
    {
        var me = (await Alice.Get("/api/me")).ShouldBe(200);

        me.Json["subject"]!.ToString().ShouldBe("alice");
        me.Json["readOnly"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task A_development_token_requires_a_subject()
    {
        var anonymous = new Client(Anonymous, ("X-None", ""));

        (await anonymous.Post("/dev/token", "{}")).ShouldBe(400).Fields.ShouldBe(["subject"]);
        (await anonymous.Post("/dev/token", """{"subject":"carol"}""")).ShouldBe(200).Json["expiresAt"]!.ToString().ShouldEndWith("Z");
    }

    [Fact]
    public async Task Health_metrics_and_the_OpenAPI_document_are_public()
    {
        await Alice.Enroll(await Alice.Sequence("""{"name":"m","steps":[{"type":"EMAIL"}]}"""), "metrics@example.com");
        await Eventually.Holds(
            async () => (await Anonymous.GetStringAsync("/metrics")).Contains("followup_steps", StringComparison.Ordinal),
            "the steps are counted"
        );

        (await Anonymous.GetAsync("/health/live")).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        (await Anonymous.GetStringAsync("/health/ready")).ShouldContain("healthy");
        var metrics = await Anonymous.GetStringAsync("/metrics");
        foreach (
            var name in new[]
            {
                "followup_steps_total",
                "followup_due_lag_seconds",
                "followup_queue_depth",
                "followup_oldest_due_age_seconds",
            }
        )
        {
            metrics.ShouldContain(name);
        }

        var description = JsonNode.Parse(await Anonymous.GetStringAsync("/openapi/v1.json"))!;
        description["openapi"]!.ToString().ShouldStartWith("3.1");
        description["paths"]!.AsObject().Count.ShouldBeGreaterThan(15);
        (await Anonymous.GetStringAsync("/docs")).ShouldContain("FollowUp API");
    }

    [Fact]
    public async Task Every_response_has_the_security_headers()
    {
        var answer = await Anonymous.GetAsync("/api/sequences");

        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    [Fact]
    public async Task Only_the_configured_origins_may_call_from_a_browser()
    {
        async Task<string?> Allowed(string origin)
        {
            using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/sequences");
            preflight.Headers.Add("Origin", origin);
            preflight.Headers.Add("Access-Control-Request-Method", "POST");
            var answer = await Anonymous.SendAsync(preflight);
            return answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;
        }

        (await Allowed("https://app.example.com")).ShouldBe("https://app.example.com");
        (await Allowed("https://evil.example.com")).ShouldBeNull();
    }
}
