using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Access;

/// <summary>Signing in at an OpenID Connect issuer, which checks the client's secret and PKCE.</summary>
public sealed class BrowserSignInTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_sign_in_begins_on_one_node_and_ends_on_another()
    {
        await using var issuer = await FakeIssuer.Start();
        await using var first = await Start(issuer);
        await using var second = await Start(issuer);
        using var browser = new Browser();

        var callback = await browser.ToCallback(first, "/auth/sign-in?returnTo=%2Fsequences%3Fenabled%3Dtrue");
        // The issuer checks that the address is the one of the request; here the other node answers it, as behind a balancer.
        var host = first.Http.BaseAddress!.Authority;
        var cookies = browser.CookiesFor(callback);
        var answer = await second.With("Cookie", cookies).Get(callback.PathAndQuery, ("Host", host));

        ((int)answer.Status).ShouldBe(302, answer.Text);
        answer.Headers.Location!.OriginalString.ShouldBe("/sequences?enabled=true");
        var session = answer
            .Headers.GetValues("Set-Cookie")
            .Single(cookie => cookie.StartsWith("followup-session=", StringComparison.Ordinal));
        var me = (await first.With("Cookie", session.Split(';')[0]).Get("/api/me")).ShouldBe(200);
        me.Json["subject"]!.ToString().ShouldBe("oidc-user");
        me.Json["issuer"]!.ToString().ShouldBe(issuer.Url);
        me.Json["credential"]!.ToString().ShouldBe("token");
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/%09/evil.example/")]
    [InlineData("sequences")]
    [InlineData("/sequences/%C3%BC")]
    public async Task Only_paths_of_this_server_are_returned_to(string returnTo)
    {
        await using var issuer = await FakeIssuer.Start();
        await using var program = await Start(issuer);

        var path = Uri.EscapeDataString(Uri.UnescapeDataString(returnTo));
        (await program.Anonymous.Get($"/auth/sign-in?returnTo={path}")).ShouldBe(400).Fields.ShouldBe(["returnTo"]);
    }

    [Fact]
    public async Task A_callback_works_once_and_only_in_the_browser_that_began()
    {
        await using var issuer = await FakeIssuer.Start();
        await using var program = await Start(issuer);
        using var victim = new Browser();
        using var attacker = new Browser();

        var callback = await attacker.ToCallback(program);
        var elsewhere = await victim.Get(callback);
        ((int)elsewhere.Status, elsewhere.ContentType).ShouldBe((400, "text/html"));
        elsewhere.Headers.Contains("Set-Cookie").ShouldBeFalse();
        ((int)(await attacker.Get(callback)).Status).ShouldBe(302);
        ((int)(await attacker.Get(callback)).Status).ShouldBe(400);
        foreach (var path in (string[])["/signout-oidc", "/signout-callback-oidc"])
        {
            (await program.Anonymous.Get(path)).ShouldBe(404);
        }

        (
            await database.Read<long>("SELECT count(*) FROM session s JOIN app_user u ON u.id = s.owner_id WHERE u.issuer = $1", issuer.Url)
        ).ShouldBe(1);
    }

    [Fact]
    public async Task An_id_token_of_another_sign_in_is_refused()
    {
        await using var issuer = await FakeIssuer.Start();
        await using var program = await Start(issuer);
        using var browser = new Browser();
        issuer.IdTokenClaims["nonce"] = "of-another-sign-in";

        ((int)(await browser.Get(await browser.ToCallback(program))).Status).ShouldBe(400);
        (await database.Read<long>("SELECT count(*) FROM app_user WHERE issuer = $1", issuer.Url)).ShouldBe(0);
    }

    [Fact]
    public async Task Claims_of_the_id_token_admit_and_make_operators_for_as_long_as_the_settings_say_so()
    {
        await using var issuer = await FakeIssuer.Start();
        issuer.IdTokenClaims["groups"] = new[] { "sales", "ops" };
        string cookie;
        await using (
            var program = await Start(
                issuer,
                ("Authentication:Operators", "oscar,groups=ops"),
                ("Authentication:RequiredClaim", "groups=sales")
            )
        )
        {
            using var browser = new Browser();
            ((int)(await browser.Get(await browser.ToCallback(program))).Status).ShouldBe(302);
            (await browser.Get(program, "/api/me")).ShouldBe(200).Json["operator"]!.GetValue<bool>().ShouldBeTrue();
            cookie = browser.CookiesFor(program.Http.BaseAddress!);

            issuer.IdTokenClaims["groups"] = new[] { "ops" };
            using var other = new Browser();
            var refused = await other.Get(await other.ToCallback(program));
            ((int)refused.Status).ShouldBe(403);
            refused.Text.ShouldContain("lacks a required claim");
        }

        await using var later = await Start(issuer, ("Authentication:Operators", "oscar"));
        (await later.With("Cookie", cookie).Get("/api/me")).ShouldBe(200).Json["operator"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task A_session_ends_with_the_settings_that_admitted_its_token_and_one_by_a_key_does_not()
    {
        await using var issuer = await FakeIssuer.Start();
        await using var another = await FakeIssuer.Start();
        issuer.IdTokenClaims["groups"] = "sales";
        string byToken,
            byKey;
        await using (var program = await Start(issuer, ("Authentication:RequiredClaim", "groups=sales")))
        {
            using var browser = new Browser();
            ((int)(await browser.Get(await browser.ToCallback(program))).Status).ShouldBe(302);
            byToken = browser.CookiesFor(program.Http.BaseAddress!);
            var key = (await program.With("Cookie", byToken).Post("/api/keys", """{"name":"k"}""", program.SameSite)).ShouldBe(201);
            byKey = (await program.Session("/api/session", $$"""{"apiKey":"{{key.Json["key"]}}"}""")).Credential.Value;
        }

        await Answers(issuer, "groups = sales", 200);
        await Answers(issuer, "", 200);
        await Answers(issuer, "groups=staff", 401);
        await Answers(another, "groups=sales", 401);

        async Task Answers(FakeIssuer now, string requiredClaim, int status)
        {
            await using var program = await Start(now, ("Authentication:RequiredClaim", requiredClaim));
            (await program.With("Cookie", byToken).Get("/api/me")).ShouldBe(status);
            (await program.With("Cookie", byKey).Get("/api/me")).ShouldBe(200);
        }
    }

    [Theory]
    [InlineData(false, 400)]
    [InlineData(true, 403)]
    public async Task A_refused_callback_is_charged_like_a_refused_credential(bool lacksClaim, int refusal)
    {
        await using var issuer = await FakeIssuer.Start();
        await using var program = await Start(
            issuer,
            ("RateLimit:AddressBurst", "40"),
            ("RateLimit:AddressPerSecond", "1"),
            ("Authentication:RequiredClaim", "groups=sales")
        );
        using var browser = new Browser();
        var callbacks = new List<Uri>();
        for (var i = 0; i < 8; i++)
        {
            callbacks.Add(
                lacksClaim ? await browser.ToCallback(program) : new Uri(program.Http.BaseAddress!, $"/auth/callback?code=x&state={i}")
            );
        }

        var answers = new List<int>();
        foreach (var callback in callbacks)
        {
            answers.Add((int)(await browser.Get(callback)).Status);
        }

        // Each costs 11 tokens, and one token a second comes back.
        answers[..3].ShouldAllBe(status => status == refusal);
        answers[3..].ShouldContain(429);
    }

    [Fact]
    public async Task Without_a_client_or_while_the_issuer_is_unreachable_no_sign_in_begins()
    {
        await using var issuer = await FakeIssuer.Start();
        await using (var without = await OwnProgram.Start(database, issuer))
        {
            (await without.Anonymous.Get("/auth/sign-in")).ShouldBe(404).Code.ShouldBe("signInNotConfigured");
            (await without.Anonymous.Get("/auth/callback?code=x&state=y")).ShouldBe(404).Code.ShouldBe("signInNotConfigured");
        }

        await issuer.Down();
        await using var program = await Start(issuer);

        var answer = (await program.Anonymous.Get("/auth/sign-in")).ShouldBe(503);
        answer.Code.ShouldBe("issuerUnreachable");
        answer.Headers.RetryAfter.ShouldNotBeNull();
        await issuer.Up();
        await Eventually.Holds(async () => (int)(await program.Anonymous.Get("/auth/sign-in")).Status == 302, "the issuer is asked again");
    }

    private Task<OwnProgram> Start(FakeIssuer issuer, params (string, string)[] settings) =>
        OwnProgram.Start(
            database,
            issuer,
            [("Authentication:ClientId", FakeIssuer.ClientId), ("Authentication:ClientSecret", FakeIssuer.ClientSecret), .. settings]
        );
}
