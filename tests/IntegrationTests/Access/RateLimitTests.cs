using FollowUp.Domain.Accounts;
using FollowUp.IntegrationTests.Support;
using FollowUp.Web.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Access;

/// <summary>Each request is charged to its caller only.</summary>
public sealed class RateLimitTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly (string, string)[] Tight = [("RateLimit:PerSecond", "1"), ("RateLimit:Burst", "12")];

    /// <summary>Routing maps all of these paths to one route.</summary>
    [Theory]
    [InlineData("/api/me")]
    [InlineData("/API/me")]
    [InlineData("/Api/ME")]
    [InlineData("/%61pi/me")]
    [InlineData("/api/me/")]
    public async Task Every_spelling_of_a_path_is_limited_and_never_cached(string path)
    {
        await using var program = await OwnProgram.Start(database, Tight);
        var alice = await program.As("alice");

        var answers = await Repeat(30, () => alice.Get(path));

        answers.ShouldContain(answer => (int)answer.Status == 429);
        answers.ShouldAllBe(answer => answer.Headers.CacheControl!.NoStore);
        answers.Last(answer => (int)answer.Status == 429).ShouldBe(429).Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_preview_costs_more_than_a_read()
    {
        await using var program = await OwnProgram.Start(database, ("RateLimit:PerSecond", "1"), ("RateLimit:Burst", "100"));
        var (alice, bob) = (await program.As("alice"), await program.As("bob"));
        const string Steps = """{"steps":[{"type":"WAIT","delayDays":1}],"recipient":{"email":"anna@example.com"}}""";

        var previews = await Repeat(15, () => alice.Post("/api/preview", Steps));
        var reads = await Repeat(15, () => bob.Get("/api/me"));

        previews.ShouldContain(answer => (int)answer.Status == 429);
        reads.ShouldAllBe(answer => (int)answer.Status == 200);
    }

    /// <summary>A single sequence may have 1 MiB of templates. Saves clean whole pages, the preview of a change looks at all waiting steps, and a check of a timeline hashes all its mails.</summary>
    [Theory]
    [InlineData("getSequence", RequestCost.Simple)]
    [InlineData("getVersion", RequestCost.Simple)]
    [InlineData("createSequence", RequestCost.Render)]
    [InlineData("updateSequence", RequestCost.Render)]
    [InlineData("updateCalendar", RequestCost.Render)]
    [InlineData("actOnInstances", RequestCost.Aggregate)]
    [InlineData("enrollMany", RequestCost.Stream)]
    [InlineData("addManySuppressions", RequestCost.Stream)]
    [InlineData("verifyTimeline", RequestCost.Aggregate)]
    public async Task Expensive_routes_have_a_concurrency_limit_and_a_higher_request_cost(string operation, int cost)
    {
        await using var program = await OwnProgram.Start(database);

        var route = program
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.Single(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == operation);

        (
            route.Metadata.GetMetadata<RunsExclusively>() is not null
            || (route.Metadata.GetMetadata<ConcurrencyLimited>() is { } turns && turns != ConcurrencyLimited.Writes)
        ).ShouldBeTrue();
        (route.Metadata.GetMetadata<RequestCost>() ?? new RequestCost(RequestCost.Simple)).ShouldBe(new RequestCost(cost));
    }

    /// <summary>A change may wait for the lock of a row, with a connection.</summary>
    [Fact]
    public async Task Every_route_that_changes_something_has_a_concurrency_limit()
    {
        await using var program = await OwnProgram.Start(database);

        var changes = program
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.Where(route => route.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => data.Policy == Routes.WritePolicy))
            .ToList();

        changes.Count.ShouldBeGreaterThan(30);
        changes
            .Where(route =>
                route.Metadata.GetMetadata<ConcurrencyLimited>() is null && route.Metadata.GetMetadata<RunsExclusively>() is null
            )
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task A_flood_of_bad_credentials_does_not_reach_the_database_or_block_known_callers()
    {
        await using var program = await OwnProgram.Start(database, ("RateLimit:PerSecond", "1"), ("RateLimit:Burst", "50"));
        var alice = await program.As("alice");
        (await alice.Get("/api/me")).ShouldBe(200);
        var unknown = UnknownKey();

        var malformed = await Repeat(100, () => program.With("X-Api-Key", "fu_x").Get("/api/me"));
        var wellFormed = await Repeat(100, () => program.With("X-Api-Key", unknown).Get("/api/me"));

        malformed.ShouldContain(answer => (int)answer.Status == 429);
        wellFormed.ShouldContain(answer => (int)answer.Status == 429);
        malformed.Concat(wellFormed).ShouldAllBe(answer => (int)answer.Status == 401 || (int)answer.Status == 429);
        (await alice.Get("/api/me")).ShouldBe(200);
    }

    [Fact]
    public async Task A_refused_credential_costs_the_address_more_than_a_request_without_one()
    {
        (string, string)[] settings = [.. Tight, ("RateLimit:AddressPerSecond", "1"), ("RateLimit:AddressBurst", "30")];
        await using var first = await OwnProgram.Start(database, settings);
        await using var second = await OwnProgram.Start(database, settings);

        var refused = await Repeat(20, () => first.With("X-Api-Key", "fu_x").Get("/api/me"));
        var without = await Repeat(20, () => second.Anonymous.Get("/api/me"));

        refused.ShouldContain(answer => (int)answer.Status == 429);
        without.ShouldAllBe(answer => (int)answer.Status == 401);
    }

    [Fact]
    public async Task A_caller_over_its_limit_is_refused_before_its_key_is_looked_up()
    {
        await using var program = await OwnProgram.Start(database, Tight);
        var alice = await program.As("alice");
        var made = (await alice.Post("/api/keys", """{"name":"k"}""")).ShouldBe(201);
        var key = program.With("X-Api-Key", made.Json["key"]!.ToString());
        (await Repeat(30, () => key.Get("/api/me"))).ShouldContain(answer => (int)answer.Status == 429);

        // Without the table, each look-up would be a 500.
        await database.Execute("ALTER TABLE api_key RENAME TO api_key_away");
        try
        {
            (await Repeat(40, () => key.Get("/api/me"))).ShouldContain(answer => (int)answer.Status == 429);
        }
        finally
        {
            await database.Execute("ALTER TABLE api_key_away RENAME TO api_key");
        }
    }

    [Fact]
    public async Task A_revoked_key_is_refused_although_it_was_known_a_moment_ago()
    {
        await using var program = await OwnProgram.Start(database);
        var alice = await program.As("alice");
        var made = (await alice.Post("/api/keys", """{"name":"k"}""")).ShouldBe(201);
        var key = program.With("X-Api-Key", made.Json["key"]!.ToString());
        (await key.Get("/api/me")).ShouldBe(200);

        (await alice.Delete($"/api/keys/{made.Id}")).ShouldBe(204);

        (await key.Get("/api/me")).ShouldBe(401);
    }

    [Fact]
    public async Task Behind_a_known_proxy_each_client_has_its_own_limit_and_https_is_seen()
    {
        await using var program = await OwnProgram.Start(
            database,
            [.. Tight, ("RateLimit:AddressBurst", "12"), ("ForwardedHeaders:KnownProxies", "127.0.0.0/8, ::1")]
        );

        Task<Answer> From(string address) =>
            program.Anonymous.Send(HttpMethod.Get, "/api/me", null, null, ("X-Forwarded-For", address), ("X-Forwarded-Proto", "https"));

        (await Repeat(30, () => From("198.51.100.1"))).ShouldContain(answer => (int)answer.Status == 429);
        var other = (await From("198.51.100.2")).ShouldBe(401);
        other.Headers.GetValues("Strict-Transport-Security").Single().ShouldStartWith("max-age=");
        // All addresses of a /64 are one client, those of another /64 another one.
        (await Repeat(30, () => From($"2001:db8:0:1::{Random.Shared.Next(1, 9999)}"))).ShouldContain(answer => (int)answer.Status == 429);
        (await From("2001:db8:0:2::1")).ShouldBe(401);
        // Entries from the client precede the entry that the proxy adds, and are not trusted.
        (await Repeat(30, () => From($"{Guid.NewGuid():N}, 198.51.100.3"))).ShouldContain(answer => (int)answer.Status == 429);
    }

    [Fact]
    public async Task Without_a_known_proxy_forwarded_addresses_are_ignored()
    {
        await using var program = await OwnProgram.Start(database, [.. Tight, ("RateLimit:AddressBurst", "12")]);
        var next = 0;

        var answers = await Repeat(
            30,
            () => program.Anonymous.Send(HttpMethod.Get, "/api/me", null, null, ("X-Forwarded-For", $"198.51.100.{++next}"))
        );

        answers.ShouldContain(answer => (int)answer.Status == 429);
    }

    [Fact]
    public async Task A_health_probe_is_never_limited_and_its_key_never_looked_up()
    {
        await using var program = await OwnProgram.Start(database, Tight);
        await database.Execute("ALTER TABLE api_key RENAME TO api_key_away");
        try
        {
            var key = program.With("X-Api-Key", UnknownKey());
            (await Repeat(100, () => key.Get("/health/live"))).ShouldAllBe(answer => (int)answer.Status == 200);
            (await Repeat(100, () => key.Get("/health/ready"))).ShouldAllBe(answer => (int)answer.Status == 200);
            (await key.Get("/metrics")).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        }
        finally
        {
            await database.Execute("ALTER TABLE api_key_away RENAME TO api_key");
        }
    }

    /// <summary>An unknown key in the valid form, which only the database can reject.</summary>
    private static string UnknownKey() =>
        ApiKey.Create(new OwnerId(Guid.NewGuid()), "k", false, ApiKeyKind.Live, DateTimeOffset.UtcNow).Secret;

    private static async Task<List<Answer>> Repeat(int times, Func<Task<Answer>> ask)
    {
        List<Answer> answers = [];
        for (var i = 0; i < times; i++)
        {
            answers.Add(await ask());
        }

        return answers;
    }
}
