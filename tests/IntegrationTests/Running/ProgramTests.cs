using System.Net;
using System.Net.Http.Json;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;
using FollowUp.Testing.Fakes;
using Npgsql;

namespace FollowUp.IntegrationTests.Running;

/// <summary>The program as a process: how it starts, refuses to start, and stops.</summary>
public sealed class ProgramTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private FakeIssuer _issuer = null!;
    private FakeSendGrid _sendGrid = null!;

    private (string, string)[] Complete =>
        [
            ("ConnectionStrings__FollowUp", database.ConnectionString),
            ("Authentication__Authority", _issuer.Url),
            ("Authentication__Audience", FakeIssuer.Audience),
            ("Email__Provider", "sendgrid"),
            ("Email__From", "sales@followup.example"),
            ("SendGrid__ApiKey", _sendGrid.ApiKey),
            ("SendGrid__BaseUrl", _sendGrid.Url),
            ("Dispatcher__PollInterval", "00:00:00.1"),
        ];

    public async Task InitializeAsync()
    {
        await database.Empty();
        _issuer = await FakeIssuer.Start();
        _sendGrid = await FakeSendGrid.Start();
    }

    public async Task DisposeAsync()
    {
        await _issuer.DisposeAsync();
        await _sendGrid.DisposeAsync();
    }

    [Fact]
    public async Task Pools_larger_than_max_connections_stop_the_program_with_one_sentence()
    {
        using var program = ProgramProcess.Start([
            .. Complete,
            ("ConnectionStrings__FollowUp", $"{database.ConnectionString};Maximum Pool Size=500"),
        ]);

        (await program.Exit()).ShouldBe(1, program.Output);

        program.Output.ShouldContain("FollowUp cannot start: PostgreSQL allows 397 connections, but this node may need 536");
        program.Output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Only_tokens_of_the_configured_issuer_are_accepted()
    {
        using var program = ProgramProcess.Start(Complete);
        await program.IsReady();

        async Task<HttpStatusCode> Ask(string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
            request.Headers.Add("Authorization", $"Bearer {token}");
            return (await program.Http.SendAsync(request)).StatusCode;
        }

        (await Ask(_issuer.Token())).ShouldBe(HttpStatusCode.OK, program.Output);
        (await Ask(_issuer.Token(expiresIn: -300))).ShouldBe(HttpStatusCode.Unauthorized);
        (await Ask(_issuer.Token(issuer: "https://evil.example.com"))).ShouldBe(HttpStatusCode.Unauthorized);
        (await Ask(_issuer.Token(issuer: "urn:followup:dev"))).ShouldBe(HttpStatusCode.Unauthorized);
        (await Ask(_issuer.Token(audience: "another-api"))).ShouldBe(HttpStatusCode.Unauthorized);
        (await Ask(_issuer.Token(audience: null))).ShouldBe(HttpStatusCode.Unauthorized);
        (await Ask(_issuer.Token(subject: null))).ShouldBe(HttpStatusCode.Unauthorized);
        (await Ask(_issuer.Token(signing: _issuer.PublicKeyAsSecret()))).ShouldBe(HttpStatusCode.Unauthorized);
        (await Ask(_issuer.WithoutSignature())).ShouldBe(HttpStatusCode.Unauthorized);
        (await database.Read<long>("SELECT count(*) FROM app_user")).ShouldBe(1);
        (await program.Http.PostAsJsonAsync("/dev/token", new { subject = "alice" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task SIGTERM_completes_running_sends_and_exits_with_0()
    {
        _sendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(500));
        await using var node = await TestNode.Create(database);
        var instance = await node.Enroll(await node.Sequence(Steps.Email("first"), Steps.Email("second")));
        using (var program = ProgramProcess.Start(Complete))
        {
            await Eventually.Holds(() => Task.FromResult(_sendGrid.Requests == 1), "the first step is being sent");
            await program.Signal("TERM");

            (await program.Exit()).ShouldBe(0, program.Output);
        }

        (
            await database.Read<string>("SELECT string_agg(type || ' ' || coalesce(status, ''), ', ' ORDER BY number) FROM follow_up_event")
        ).ShouldBe("enrolled , EMAIL sent");
        (await database.Read<string>("SELECT state FROM step_job WHERE step_index = 1 AND attempt = 0")).ShouldBe("ready");
        using var second = ProgramProcess.Start([.. Complete, ("Role", "worker")]);
        await node.Becomes(instance.Id, "COMPLETED");
        _sendGrid.Accepted.Select(m => m.Subject).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task A_killed_program_leaves_its_running_step_in_doubt_and_loses_nothing()
    {
        _sendGrid.Default = new HttpAnswer.AcceptThenNeverAnswer();
        await using var node = await TestNode.Create(database);
        var sequence = await node.Sequence(Steps.Email("first"), Steps.Email("second"));
        var sending = await node.Enroll(sequence);
        using (var program = ProgramProcess.Start([.. Complete, ("Dispatcher__Lanes", "1")]))
        {
            await Eventually.Holds(() => Task.FromResult(_sendGrid.Requests == 1), "the first step is being sent");
            await program.Signal("KILL");
            await program.Exit();
        }

        var waiting = await node.Enroll(sequence);
        _sendGrid.Default = new HttpAnswer.Accept();
        await database.Execute("UPDATE step_job SET lease_until = now() WHERE state = 'leased'");
        using var second = ProgramProcess.Start([.. Complete, ("Role", "worker"), ("Dispatcher__SweepInterval", "200ms")]);

        await node.Becomes(waiting.Id, "COMPLETED");
        await Eventually.Holds(async () => await database.Read<string>("SELECT state FROM step_job") == "in_doubt", "the step is in doubt");
        _sendGrid.Accepted.Count(m => m.InstanceId == sending.Id).ShouldBe(1);
        (await database.Read<string>("SELECT attention FROM instance WHERE id = $1", sending.Id)).ShouldBe("inDoubt");
    }

    [Theory]
    [InlineData("ConnectionStrings__FollowUp", "", "ConnectionStrings:FollowUp must be set")]
    [InlineData("ConnectionStrings__FollowUp", "Nonsense=1", "ConnectionStrings:FollowUp is not a valid PostgreSQL connection string")]
    [InlineData("ConnectionStrings__FollowUp", "Database=x", "has no host")]
    [InlineData("Authentication__Authority", "", "Authentication:Authority must be set")]
    [InlineData("Authentication__Audience", "", "Authentication:Audience must be set")]
    [InlineData("PublicUrl", "", "PublicUrl must be set to the https address")]
    [InlineData("PublicUrl", "http://mail.followup.example", "PublicUrl is")]
    [InlineData("Email__Provider", "", "Email:Provider must be set")]
    [InlineData("Email__Provider", "pigeon", "must be sendgrid, smtp or drop")]
    [InlineData("Email__From", "", "Email:From must be set")]
    [InlineData("SendGrid__ApiKey", "", "SendGrid:ApiKey must be set")]
    [InlineData("Dispatcher__Lanes", "0", "Dispatcher:Lanes is \"0\"")]
    [InlineData("Retry__BaseDelay", "soon", "Retry:BaseDelay is \"soon\"")]
    [InlineData("InDoubt__OnNoEvidence", "guess", "InDoubt:OnNoEvidence is \"guess\"")]
    [InlineData("Role", "boss", "Role is \"boss\"")]
    [InlineData("Authentication__RequiredClaim", "admin", "Authentication:RequiredClaim is \"admin\"")]
    [InlineData("ForwardedHeaders__KnownProxies", "10.0.0.0/8, proxy", "ForwardedHeaders:KnownProxies has \"proxy\"")]
    [InlineData("RateLimit__AddressBurst", "0", "RateLimit:AddressBurst is \"0\"")]
    [InlineData("Server__MaxConnections", "many", "Server:MaxConnections is \"many\"")]
    public async Task A_missing_or_invalid_setting_stops_the_start_with_one_sentence(string name, string value, string sentence)
    {
        using var program = ProgramProcess.Start([.. Complete, (name, value)]);

        (await program.Exit()).ShouldBe(1, program.Output);
        program.Output.ShouldContain(sentence);
        program.Output.Trim().Split('\n').Length.ShouldBe(1, program.Output);
    }

    [Fact]
    public async Task Metrics_can_have_a_separate_port_that_serves_nothing_else()
    {
        var port = ProgramProcess.FreePort();
        using var program = ProgramProcess.Start([.. Complete, ("Metrics__Port", $"{port}")]);
        await program.IsReady();
        using var inside = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        (await inside.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.OK, program.Output);
        (await inside.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await inside.GetAsync("/api/me")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await inside.GetAsync("/openapi/v1.json")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await program.Http.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await program.Http.GetAsync("/openapi/v1.json")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_PostgreSQL_the_program_logs_the_host_and_is_live_but_not_ready()
    {
        using var program = ProgramProcess.Start([
            .. Complete,
            ("ConnectionStrings__FollowUp", "Host=127.0.0.1;Port=1;Database=followup;Username=u;Password=secret-word"),
        ]);

        await program.IsLive();

        (await program.Http.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await program.Http.GetAsync("/api/sequences")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await Eventually.Holds(
            () => Task.FromResult(program.Output.Contains("127.0.0.1:1", StringComparison.Ordinal)),
            "it names the host"
        );
        program.Output.ShouldNotContain("secret-word");
        await program.Signal("TERM");
        (await program.Exit()).ShouldBe(0, program.Output);
    }

    [Theory]
    [InlineData("/api/sequences")]
    [InlineData("/auth/sign-in")]
    [InlineData("/auth/callback")]
    public async Task Until_the_database_has_its_tables_a_request_that_needs_them_is_503(string path)
    {
        var name = $"without_tables_{Guid.NewGuid():N}";
        await database.Execute($"CREATE DATABASE {name} TEMPLATE template0");
        var withoutTables = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = name, SearchPath = null };
        using var program = ProgramProcess.Start([
            .. Complete,
            ("ConnectionStrings__FollowUp", withoutTables.ConnectionString),
            ("Database__MigrateOnStart", "false"),
            ("Authentication__ClientId", FakeIssuer.ClientId),
        ]);

        await program.IsLive();

        (await program.Http.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, program.Output);
    }

    [Fact]
    public async Task A_worker_serves_only_health_and_metrics_and_an_API_node_executes_no_steps()
    {
        await using var node = await TestNode.Create(database);
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));
        using var api = ProgramProcess.Start([.. Complete, ("Role", "api")]);
        await api.IsReady();
        await Task.Delay(500); // Several poll intervals.
        var byApi = _sendGrid.Requests;

        using var worker = ProgramProcess.Start([.. Complete, ("Role", "worker"), ("Authentication__Authority", "")]);
        await worker.IsReady();
        await node.Becomes(instance.Id, "COMPLETED");

        byApi.ShouldBe(0);
        (await worker.Http.GetAsync("/api/sequences")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await worker.Http.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_rate_limit_answers_429_with_Retry_After_and_logs_hold_no_address()
    {
        using var program = ProgramProcess.Start([.. Complete, ("RateLimit__PerSecond", "1"), ("RateLimit__Burst", "3")]);
        await program.IsReady();
        program.Http.DefaultRequestHeaders.Add("Authorization", $"Bearer {_issuer.Token()}");

        List<HttpResponseMessage> answers = [];
        for (var i = 0; i < 6; i++)
        {
            answers.Add(await program.Http.GetAsync("/api/instances?email=hidden@example.com"));
        }

        answers[0].StatusCode.ShouldBe(HttpStatusCode.OK);
        answers[^1].StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answers[^1].Headers.RetryAfter.ShouldNotBeNull();
        answers[^1].Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        program.Output.ShouldNotContain("hidden@example.com");
        program.Http.DefaultRequestHeaders.Remove("Authorization");
        (await program.Http.GetAsync("/api/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        program.Http.DefaultRequestHeaders.Add("Authorization", $"Bearer {_issuer.Token("another-user")}");
        (await program.Http.GetAsync("/api/me")).StatusCode.ShouldBe(HttpStatusCode.OK, "one user's flood is no other's");
    }

    [Fact]
    public async Task Bulk_lists_of_one_user_are_serialized_without_blocking_other_users()
    {
        using var program = ProgramProcess.Start([
            .. Complete,
            ("Role", "api"),
            ("RateLimit__ListsAtOnce", "1"),
            ("RateLimit__PerSecond", "1"),
            ("RateLimit__Burst", "7"),
        ]);
        await program.IsReady();
        var (alice, bob) = (_issuer.Token("alice"), _issuer.Token("bob"));
        await Task.WhenAll(Ask(alice, "/api/me"), Ask(bob, "/api/me"));
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var holding = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("LOCK TABLE sequence IN ACCESS EXCLUSIVE MODE", connection, holding);
        await hold.ExecuteNonQueryAsync();

        var ofAlice = Enumerable.Range(0, 3).Select(_ => Ask(alice, "/api/sequences")).ToList();
        await Eventually.Holds(async () => await database.WaitingForLocks() > 0, "her first list waits for the table");
        var ofBob = Ask(bob, "/api/sequences");
        await Eventually.Holds(async () => await database.WaitingForLocks() > 1, "Bob's list waits for the table too");
        await Ask(bob, "/api/me");
        var waiting = await database.WaitingForLocks();
        await holding.CommitAsync();

        waiting.ShouldBe(2);
        (await Task.WhenAll([.. ofAlice, ofBob])).ShouldAllBe(
            status => status == HttpStatusCode.OK,
            "who waits for a turn pays for one request"
        );

        async Task<HttpStatusCode> Ask(string token, string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new("Bearer", token) } };
            using var answer = await program.Http.SendAsync(request);
            return answer.StatusCode;
        }
    }
}
