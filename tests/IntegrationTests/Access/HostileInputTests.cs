namespace FollowUp.IntegrationTests.Access;

/// <summary>Further attacks on routes, headers and URLs.</summary>
public sealed class HostileInputTests(AccessProgram program) : IClassFixture<AccessProgram>
{
    private const string NewSequence = """{"name":"n","steps":[{"type":"EMAIL"}]}""";

    private HttpClient Http => program.Http;

    [Fact]
    public async Task Idempotency_keys_are_scoped_to_a_user()
    {
        var alices = (await program.Alice.Post("/api/sequences", NewSequence, ("Idempotency-Key", "same"))).ShouldBe(201);
        var bobs = (await program.Bob.Post("/api/sequences", NewSequence, ("Idempotency-Key", "same"))).ShouldBe(201);

        bobs.Id.ShouldNotBe(alices.Id);
        (await program.Bob.Get($"/api/sequences/{alices.Id}")).ShouldBe(404);
        (await program.Bob.Post("/api/keys", """{"name":"k"}""", ("Idempotency-Key", "same")))
            .ShouldBe(409)
            .Code.ShouldBe("idempotencyKeyReused");
    }

    [Fact]
    public async Task A_replay_by_idempotency_key_checks_access_again()
    {
        var secret = (await program.Alice.Post("/api/keys", """{"name":"k"}""")).ShouldBe(201);
        var key = program.With("X-Api-Key", secret.Json["key"]!.ToString());
        (await key.Post("/api/sequences", NewSequence, ("Idempotency-Key", "closed"))).ShouldBe(201);
        await program.Alice.Delete($"/api/keys/{secret.Id}");

        (await key.Post("/api/sequences", NewSequence, ("Idempotency-Key", "closed"))).ShouldBe(401);
    }

    [Theory]
    [InlineData("\"1\"", 200)]
    [InlineData("*", 200)]
    [InlineData("\"7\", \"1\"", 200)]
    [InlineData("\"2\"", 412)]
    [InlineData("W/\"1\"", 200)]
    [InlineData("W/\"2\"", 412)]
    [InlineData("\"1-gzip\"", 200)]
    [InlineData("W/\"1;br\"", 200)]
    [InlineData("\"1-x\"", 412)]
    [InlineData("1", 400)]
    [InlineData("abc", 400)]
    [InlineData("\"01\"", 200)]
    [InlineData("\"1\"; DROP TABLE sequence", 400)]
    [InlineData("\"-1\"", 412)]
    [InlineData("\"99999999999999999999\"", 412)]
    [InlineData("", 400)]
    public async Task If_Match_matches_only_the_revision_that_was_read(string tag, int status)
    {
        var sequence = await program.Alice.Sequence(NewSequence);

        var answer = (await program.Alice.Put(sequence, """{"name":"other"}""", ("If-Match", tag))).ShouldBe(status);

        if (status == 400)
        {
            answer.Fields.ShouldBe(["If-Match"]);
        }

        (await program.Alice.Get(sequence)).Json["name"]!.ToString().ShouldBe(status == 200 ? "other" : "n");
    }

    [Theory]
    [InlineData("GET", "/api/nothing", 401)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("POST", "/dev/token", 404)]
    [InlineData("POST", "/health/live", 200)]
    [InlineData("GET", "/docs/v1", 200)]
    [InlineData("GET", "/docs", 302)]
    [InlineData("GET", "/metrics", 200)]
    public async Task Every_kind_of_response_has_the_security_headers(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await Http.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(status);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
        answer.Headers.Contains("Server").ShouldBeFalse();
        answer.Headers.Contains("X-Powered-By").ShouldBeFalse();
    }

    [Theory]
    [InlineData("/docs/..%2f..%2fappsettings.json")]
    [InlineData("/docs/%2e%2e/%2e%2e/appsettings.json")]
    [InlineData("/openapi/..%2f..%2fappsettings.json")]
    [InlineData("/openapi/%2e%2e%5cappsettings.json")]
    [InlineData("/appsettings.json")]
    [InlineData("/.git/config")]
    [InlineData("/%2fetc/passwd")]
    public async Task No_path_serves_a_file(string path)
    {
        using var answer = await Http.GetAsync(Exactly(path));
        var text = await answer.Content.ReadAsStringAsync();

        text.ShouldNotContain("LogLevel");
        text.ShouldNotContain("root:");
        ((int)answer.StatusCode).ShouldBeOneOf(200, 404);
    }

    [Theory]
    [InlineData("/docs/%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    [InlineData("/docs/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    [InlineData("/docs/v1?x=%3C%2Fscript%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    [InlineData("/docs/%27;alert(1);%2F%2F")]
    public async Task The_API_page_does_not_reflect_its_URL(string path)
    {
        using var answer = await Http.GetAsync(Exactly(path));
        var text = await answer.Content.ReadAsStringAsync();

        text.ShouldNotContain("<script>alert(1)");
        text.ShouldNotContain("';alert(1);");
    }

    [Fact]
    public async Task No_response_reflects_the_Host_header()
    {
        foreach (var path in (string[])["/openapi/v1.json", "/docs", "/metrics", "/health/ready", "/api/me", "/api/nothing"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = "evil.example";
            request.Headers.Add("X-Forwarded-Host", "evil.example");
            request.Headers.Add("X-Forwarded-Proto", "https");
            request.Headers.Add("X-Original-URL", "/evil.example");
            using var answer = await Http.SendAsync(request);

            (await answer.Content.ReadAsStringAsync()).ShouldNotContain("evil.example", Case.Insensitive, path);
            answer.Headers.ToString().ShouldNotContain("evil.example");
        }

        var made = await program.Alice.Post("/api/sequences", NewSequence, ("Host", "evil.example"));
        made.ShouldBe(201).Headers.Location!.ToString().ShouldBe($"/api/sequences/{made.Id}");
    }

    [Fact]
    public async Task Metrics_contain_no_personal_data()
    {
        var sequence = await program.Alice.Sequence("""{"name":"Secret project Zebra","steps":[{"type":"EMAIL"}]}""");
        await program.Alice.Enroll(sequence, "hidden.person@example.com");
        await program.Alice.Get("/api/instances?email=hidden.person@example.com");
        await program.Alice.Get("/api/hidden.person@example.com");
        await program.Alice.Send(new HttpMethod("HIDDENPERSON"), "/api/me", null, null);

        var metrics = await Http.GetStringAsync("/metrics");

        metrics.ShouldContain("http_server_request_duration");
        foreach (var word in (string[])["hidden", "Zebra", "alice", sequence.Split('/')[^1]])
        {
            metrics.ShouldNotContain(word, Case.Insensitive);
        }
    }

    [Fact]
    public async Task Only_the_configured_origins_may_read_an_answer_and_an_error_is_no_exception()
    {
        foreach (
            var (origin, allowed) in new[]
            {
                ("https://app.example.com", true),
                ("https://app.example.com.evil.example", false),
                ("null", false),
                ("http://app.example.com", false),
                ("https://APP.example.com:444", false),
            }
        )
        {
            foreach (var path in (string[])["/api/me", "/api/nothing", "/api/sequences?limit=x"])
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.TryAddWithoutValidation("Origin", origin);
                using var answer = await Http.SendAsync(request);
                answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var to);
                (to?.Single()).ShouldBe(allowed ? origin : null, $"{origin} {path}");
                answer.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
            }
        }
    }

    [Fact]
    public async Task Subjects_in_different_scripts_are_different_users()
    {
        foreach (var subject in (string[])["Ünïcødé", "用户", "😀", "' OR 1=1--", "alice ", "ALICE", new string('a', 255)])
        {
            (await program.As(subject).Get("/api/me")).ShouldBe(200).Json["subject"]!.ToString().ShouldBe(subject);
        }

        await program.Alice.Sequence(NewSequence);
        (await program.As("ALICE").Get("/api/sequences")).ShouldBe(200).Json["items"]!.AsArray().ShouldBeEmpty();
        (await program.As("alice ").Get("/api/sequences")).ShouldBe(200).Json["items"]!.AsArray().ShouldBeEmpty();
    }

    private Uri Exactly(string path) =>
        new(
            $"{program.Address.GetLeftPart(UriPartial.Authority)}{path}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
        );
}
