using FollowUp.Infrastructure;
using FollowUp.Infrastructure.Accounts;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;

namespace FollowUp.IntegrationTests.Access;

/// <summary>Sign-ins by key and in Development, and their refusals.</summary>
public sealed class SignInTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string UnknownKey = "fu_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Fact]
    public async Task A_key_that_is_not_valid_signs_nobody_in()
    {
        await using var program = await OwnProgram.Start(database);
        var revoked = await program.As("revoked");
        var made = (await revoked.Post("/api/keys", """{"name":"k"}""")).ShouldBe(201);
        (await revoked.Delete($"/api/keys/{made.Id}")).ShouldBe(204);

        foreach (var key in (string[])[UnknownKey, "rubbish", made.Json["key"]!.ToString()])
        {
            var answer = (await program.Anonymous.Post("/api/session", $$"""{"apiKey":"{{key}}"}""")).ShouldBe(401);
            answer.Code.ShouldBe("unauthorized");
            answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        }

        (await program.Anonymous.Post("/api/session", "{}")).ShouldBe(400).Fields.ShouldBe(["apiKey"]);
        (
            await database.Read<long>("SELECT count(*) FROM session s JOIN app_user u ON u.id = s.owner_id WHERE u.subject = 'revoked'")
        ).ShouldBe(0);
        foreach (var cookie in (string[])["followup-session=rubbish", "followup-session=", $"followup-session={UnknownKey[3..]}"])
        {
            (await program.With("Cookie", cookie).Get("/api/me")).ShouldBe(401);
        }
    }

    [Fact]
    public async Task A_page_of_another_origin_cannot_sign_a_browser_in()
    {
        await using var program = await OwnProgram.Start(database);
        var key = (await (await program.As("alice")).Post("/api/keys", """{"name":"k"}""")).Json["key"]!.ToString();

        (await program.Anonymous.Post("/api/session", $$"""{"apiKey":"{{key}}"}""", ("Origin", "https://evil.example")))
            .ShouldBe(403)
            .Code.ShouldBe("crossSiteRequest");
        (await program.Anonymous.Post("/dev/session", """{"subject":"alice"}""", ("Origin", "http://localhost:3000")))
            .ShouldBe(403)
            .Code.ShouldBe("crossSiteRequest");
        (await program.Anonymous.Post("/dev/session", """{"subject":"alice"}""", program.SameSite)).ShouldBe(204);
    }

    [Fact]
    public async Task Failed_sign_ins_are_limited_by_client_address()
    {
        await using var program = await OwnProgram.Start(database, ("RateLimit:AddressBurst", "60"), ("RateLimit:AddressPerSecond", "1"));

        var answers = new List<int>();
        for (var i = 0; i < 12; i++)
        {
            answers.Add((int)(await program.Anonymous.Post("/api/session", $$"""{"apiKey":"{{UnknownKey}}"}""")).Status);
        }

        // Each costs 11 tokens, and one token a second comes back.
        answers[..6].ShouldAllBe(status => status == 401);
        answers[6..].ShouldContain(429);
    }

    [Fact]
    public async Task In_Development_a_subject_signs_in_under_loopback_hosts_and_may_manage_keys()
    {
        await using var program = await OwnProgram.Start(database);

        var session = await program.Session("/dev/session", """{"subject":"alice"}""");

        (await session.Get("/api/me")).ShouldBe(200).Json["credential"]!.ToString().ShouldBe("token");
        (await session.Post("/api/keys", """{"name":"k"}""", program.SameSite)).ShouldBe(201);
        (await session.Get("/api/operator/users")).ShouldBe(200);
        (await program.Anonymous.Post("/dev/session", """{"subject":"alice"}""", ("Host", "evil.example"))).ShouldBe(404);
        (await program.Anonymous.Post("/dev/session", """{"subject":"a\u0000b"}""")).ShouldBe(400).Fields.ShouldBe(["subject"]);
        (await program.Anonymous.Post("/dev/session", "{}")).ShouldBe(400).Fields.ShouldBe(["subject"]);
    }

    [Fact]
    public async Task A_session_of_Development_is_void_where_an_issuer_is_configured()
    {
        string cookie;
        await using (var before = await OwnProgram.Start(database))
        {
            cookie = (await before.Session("/dev/session", """{"subject":"alice"}""")).Credential.Value;
        }

        await using var issuer = await FollowUp.Testing.Fakes.FakeIssuer.Start();
        await using var program = await OwnProgram.Start(database, issuer);

        (await program.With("Cookie", cookie).Get("/api/me")).ShouldBe(401);
        (await program.Anonymous.Post("/dev/session", """{"subject":"alice"}""")).ShouldBe(404);
    }

    [Fact]
    public async Task A_recipients_link_ignores_the_session_of_the_browser_that_opens_it()
    {
        await using var program = await OwnProgram.Start(database);
        var alice = await program.As("alice");
        var key = (await alice.Post("/api/keys", """{"name":"k","kind":"sandbox"}""")).ShouldBe(201).Json["key"]!.ToString();
        var sandbox = await program.Session("/api/session", $$"""{"apiKey":"{{key}}"}""");
        var link = await program.LinkOf(alice);

        (await program.With("X-Api-Key", key).Get(link)).Text.ShouldContain("This link does not work");
        (await sandbox.Get(link)).Text.ShouldContain("No more mail from this sender");
        ((int)(await sandbox.Post(link)).Status).ShouldBe(200);
    }

    [Fact]
    public async Task Expired_sessions_are_pruned()
    {
        await using var program = await OwnProgram.Start(database, ("Role", "all"));
        await program.Session("/dev/session", """{"subject":"gone"}""");
        var kept = await program.Session("/dev/session", """{"subject":"kept"}""");
        await database.Execute("UPDATE session SET expires_at = now() WHERE owner_id = (SELECT id FROM app_user WHERE subject = 'gone')");

        await program.Services.GetRequiredService<Pruner>().Prune(CancellationToken.None);

        (
            await database.Read<long>("SELECT count(*) FROM session s JOIN app_user u ON u.id = s.owner_id WHERE u.subject = 'gone'")
        ).ShouldBe(0);
        (await kept.Get("/api/me")).ShouldBe(200);
    }

    [Theory]
    [InlineData("Authentication:ClientId", "console")]
    [InlineData("Authentication:ClientSecret", "secret")]
    public void A_client_needs_an_issuer_and_a_secret_needs_a_client(string setting, string value)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new(setting, value)]).Build();
        var environment = new HostingEnvironment { EnvironmentName = "Development" };

        Should
            .Throw<SettingException>(() => new ServiceCollection().AddFollowUpIdentity(settings, environment, _ => true))
            .Message.ShouldContain(setting);
    }
}
