using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Access;

/// <summary>The requirements for credentials beyond a valid signature.</summary>
public sealed class CredentialTests(SharedPrograms programs) : IClassFixture<SharedPrograms>
{
    [Theory]
    [InlineData("roles=followup", "roles", "followup", 200)]
    [InlineData("roles=followup", "roles", "admin,followup", 200)]
    [InlineData("scope=followup", "scope", "openid followup email", 200)]
    [InlineData("https://acme.example/app=a=b", "https://acme.example/app", "a=b", 200)]
    [InlineData("roles=followup", "roles", "followup2", 403)]
    [InlineData("roles=followup", "Roles", "followup", 403)]
    [InlineData("roles=followup", "roles", "openid followup", 403)]
    [InlineData("roles=followup", "other", "followup", 403)]
    public async Task A_token_without_the_required_claim_is_rejected_and_creates_no_user(string rule, string name, string value, int status)
    {
        var program = await programs.WithIssuer(("Authentication:RequiredClaim", rule));
        var subject = $"{Guid.NewGuid():N}";
        object claim = value.Contains(',', StringComparison.Ordinal) ? value.Split(',') : value;
        var token = programs.Issuer.Token(subject, claims: new() { [name] = claim });

        var answer = await program.With("Authorization", $"Bearer {token}").Get("/api/me");

        answer.ShouldBe(status);
        if (status == 403)
        {
            answer.Code.ShouldBe("claimMissing");
        }

        (await programs.Database.Read<long>("SELECT count(*) FROM app_user WHERE subject = $1", subject)).ShouldBe(status == 200 ? 1 : 0);
    }

    [Fact]
    public async Task A_token_without_the_required_claim_cannot_probe_routes()
    {
        var (program, issuer) = (await programs.WithIssuer(("Authentication:RequiredClaim", "roles=followup")), programs.Issuer);
        var client = program.With("Authorization", $"Bearer {issuer.Token()}");

        foreach (var path in (string[])["/api/me", "/api/sequences", $"/api/instances/{Guid.NewGuid()}", "/api/nothing", "/API/nothing"])
        {
            (await client.Get(path)).ShouldBe(403).Code.ShouldBe("claimMissing");
        }

        (await program.With("Authorization", $"Bearer {issuer.Token(expiresIn: -300)}").Get("/api/me")).ShouldBe(401);
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:8080", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("127.8.8.8", 200)]
    [InlineData("[::1]:8080", 200)]
    [InlineData("evil.example", 404)]
    [InlineData("localhost.evil.example", 404)]
    [InlineData("127.0.0.1.evil.example", 404)]
    [InlineData("10.0.0.1", 404)]
    public async Task Development_tokens_are_issued_to_loopback_hosts_only(string host, int status)
    {
        var program = await programs.Development();

        foreach (var path in (string[])["/dev/token", "/DEV/token"])
        {
            var answer = await program.Anonymous.Post(path, """{"subject":"alice"}""", ("Host", host));
            answer.ShouldBe(status);
            (answer.Text.Contains("\"token\"", StringComparison.Ordinal)).ShouldBe(status == 200);
        }
    }

    [Fact]
    public async Task Development_tokens_are_invalid_if_an_issuer_is_configured()
    {
        string token;
        const string Key = "c2lnbmluZy1rZXktb2YtdGhlLXRlc3RzLTMyLWJ5dGVzIQ==";
        await using (var before = await OwnProgram.Start(programs.Database, ("Authentication:DevSigningKey", Key)))
        {
            token = (await before.Anonymous.Post("/dev/token", """{"subject":"alice"}""")).ShouldBe(200).Json["token"]!.ToString();
            (await before.With("Authorization", $"Bearer {token}").Get("/api/me")).ShouldBe(200);
        }

        var issuer = programs.Issuer;
        await using var program = await OwnProgram.Start(
            programs.Database,
            ("Authentication:DevSigningKey", Key),
            ("Authentication:Authority", issuer.Url),
            ("Authentication:Audience", FakeIssuer.Audience)
        );

        (await program.With("Authorization", $"Bearer {token}").Get("/api/me")).ShouldBe(401);
        (await program.Anonymous.Post("/dev/token", """{"subject":"alice"}""")).ShouldBe(404);
        (await program.With("Authorization", $"Bearer {issuer.Token()}").Get("/api/me")).ShouldBe(200);
    }

    [Fact]
    public async Task A_row_of_another_user_is_404_even_while_it_is_locked()
    {
        var program = await programs.Development();
        var (alice, bob) = (await program.As("alice"), await program.As("bob"));
        var sequence = await alice.Sequence("""{"name":"n","steps":[{"type":"WAIT","delayDays":3},{"type":"EMAIL"}]}""");
        var instance = await alice.Enroll(sequence);
        var calendar = (await alice.Post("/api/calendars", """{"name":"c","dates":["2030-05-01"]}""")).ShouldBe(201).Id;
        var key = (await alice.Post("/api/keys", """{"name":"k"}""")).ShouldBe(201).Id;
        await using var connection = await programs.Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var hold = connection.CreateCommand();
        hold.CommandText =
            "SELECT 1 FROM instance FOR UPDATE; SELECT 1 FROM sequence FOR UPDATE; SELECT 1 FROM step_job FOR UPDATE; SELECT 1 FROM calendar FOR UPDATE; SELECT 1 FROM api_key FOR UPDATE";
        await hold.ExecuteNonQueryAsync();

        // A request that waits for the lock would not answer before its release, which is after the last answer.
        foreach (var verb in (string[])["pause", "resume", "retry", "skip"])
        {
            (await InTime(bob.Post($"/api/instances/{instance}/{verb}"))).ShouldBe(404);
        }

        (await InTime(bob.Post($"/api/instances/{instance}/stop", """{"reason":"manual"}"""))).ShouldBe(404);
        (await InTime(bob.Post($"/api/instances/{instance}/resolve", """{"outcome":"sent"}"""))).ShouldBe(404);
        (await InTime(bob.Put(sequence, """{"name":"mine"}"""))).ShouldBe(404);
        (await InTime(bob.Delete(sequence))).ShouldBe(404);
        (await InTime(bob.Patch(sequence, $$"""{"action":"pause","scheduledId":"{{instance}}"}"""))).ShouldBe(404);
        (await InTime(bob.Post($"{sequence}/instances", """{"recipient":{"email":"x@example.com"}}"""))).ShouldBe(404);
        (await InTime(bob.Post($"{sequence}/versions/1/migrate", """{"policy":"stay"}"""))).ShouldBe(404);
        (await InTime(bob.Put($"/api/calendars/{calendar}", """{"dates":["2030-05-02"]}"""))).ShouldBe(404);
        (await InTime(bob.Delete($"/api/calendars/{calendar}"))).ShouldBe(404);
        (await InTime(bob.Delete($"/api/keys/{key}"))).ShouldBe(404);
        await transaction.RollbackAsync();
    }

    private static Task<Answer> InTime(Task<Answer> answer) => answer.WaitAsync(TimeSpan.FromSeconds(60));
}
