using System.Security.Cryptography;
using System.Text;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Access;

/// <summary>Browser sessions: how they begin, what they permit, and when they end.</summary>
public sealed class SessionTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string NewSequence = """{"name":"n","steps":[{"type":"EMAIL"}]}""";

    [Fact]
    public async Task A_key_signs_a_browser_in_on_every_node_until_it_signs_out()
    {
        await using var first = await OwnProgram.Start(database);
        await using var second = await OwnProgram.Start(database);
        var key = await KeyOf(await first.As("alice"));

        var answer = (await first.Anonymous.Post("/api/session", $$"""{"apiKey":"{{key}}"}""")).ShouldBe(204);

        var cookie = answer.Headers.GetValues("Set-Cookie").Single().Split("; ");
        cookie[1..].ShouldBe(["max-age=604800", "path=/", "samesite=lax", "httponly"], ignoreOrder: true);
        var secret = cookie[0].Split('=')[1];
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
        (await database.Read<long>("SELECT count(*) FROM session WHERE id_hash = $1", hash)).ShouldBe(1);
        foreach (var program in (OwnProgram[])[first, second])
        {
            var me = (await program.With("Cookie", cookie[0]).Get("/api/me")).ShouldBe(200);
            (me.Json["subject"]!.ToString(), me.Json["credential"]!.ToString()).ShouldBe(("alice", "apiKey"));
        }

        var signedOut = await second.With("Cookie", cookie[0]).Delete("/api/session", second.SameSite);
        signedOut.ShouldBe(204).Headers.GetValues("Set-Cookie").Single().ShouldStartWith("followup-session=;");
        (await first.With("Cookie", cookie[0]).Get("/api/me")).ShouldBe(401);
    }

    [Fact]
    public async Task The_cookie_is_secure_except_on_loopback_hosts()
    {
        await using var program = await OwnProgram.Start(database);
        var key = await KeyOf(await program.As("alice"));

        var answer = await program.Anonymous.Post("/api/session", $$"""{"apiKey":"{{key}}"}""", ("Host", "followup.example"));

        var cookie = answer.ShouldBe(204).Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldStartWith("__Host-followup-session=");
        cookie.ShouldContain("; secure");
        (await program.With("Cookie", cookie.Split(';')[0]).Get("/api/me", ("Host", "followup.example"))).ShouldBe(200);
        (await program.With("Cookie", cookie.Split(';')[0]).Get("/api/me")).ShouldBe(401);
    }

    [Theory]
    [InlineData(null, "self")]
    [InlineData("0", "self")]
    [InlineData("1", null)]
    [InlineData("1", "null")]
    [InlineData("1", "https://evil.example")]
    [InlineData("1", "http://127.0.0.1:1")]
    [InlineData("1", "http://127.0.0.1:1, self")]
    public async Task A_write_with_a_cookie_needs_the_header_and_the_origin_of_this_server(string? header, string? origin)
    {
        await using var program = await OwnProgram.Start(database);
        var alice = await program.As("alice");
        var cookie = await SignIn(program, await KeyOf(alice));
        var self = program.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        List<(string, string)> headers = [];
        if (header is not null)
        {
            headers.Add(("X-FollowUp", header));
        }

        if (origin is not null)
        {
            headers.Add(("Origin", origin.Replace("self", self, StringComparison.Ordinal)));
        }

        (await cookie.Post("/api/sequences", NewSequence, [.. headers])).ShouldBe(403).Code.ShouldBe("crossSiteRequest");
        (await cookie.Post("/api/preview", "{}", [.. headers])).ShouldBe(403).Code.ShouldBe("crossSiteRequest");
        (await cookie.Delete("/api/session", [.. headers])).ShouldBe(403).Code.ShouldBe("crossSiteRequest");
        (await cookie.Get("/api/sequences", [.. headers])).ShouldBe(200);
        (await cookie.Post("/api/sequences", NewSequence, program.SameSite)).ShouldBe(201);
        // The page behind a proxy that terminates TLS.
        var secure = self.Replace("http:", "https:", StringComparison.Ordinal);
        (await cookie.Post("/api/sequences", NewSequence, ("X-FollowUp", "1"), ("Origin", secure))).ShouldBe(201);
    }

    [Fact]
    public async Task A_token_or_a_key_in_the_request_wins_over_the_cookie()
    {
        await using var program = await OwnProgram.Start(database);
        var (alice, bob) = (await program.As("alice"), await program.As("bob"));
        var cookie = (await SignIn(program, await KeyOf(alice))).Credential;

        (await bob.Get("/api/me", cookie)).ShouldBe(200).Json["subject"]!.ToString().ShouldBe("bob");
        (await bob.Post("/api/sequences", NewSequence, cookie)).ShouldBe(201);
        (await program.With("X-Api-Key", await KeyOf(bob)).Post("/api/sequences", NewSequence, cookie)).ShouldBe(201);
        (await program.With("Authorization", "Bearer rubbish").Get("/api/me", cookie)).ShouldBe(401);
    }

    [Fact]
    public async Task A_session_by_a_key_has_its_permissions_and_ends_with_it()
    {
        await using var program = await OwnProgram.Start(database);
        var alice = await program.As("alice");
        var made = (await alice.Post("/api/keys", """{"name":"BI","readOnly":true}""")).ShouldBe(201);
        var readOnly = await SignIn(program, made.Json["key"]!.ToString());
        var sandbox = await SignIn(program, await KeyOf(alice, "sandbox"));
        var live = await SignIn(program, await KeyOf(alice));
        var same = program.SameSite;

        (await readOnly.Post("/api/sequences", NewSequence, same)).ShouldBe(403).Code.ShouldBe("readOnlyKey");
        (await live.Post("/api/keys", """{"name":"k"}""", same)).ShouldBe(403).Code.ShouldBe("tokenRequired");
        (await sandbox.Get("/api/me")).ShouldBe(200).Json["kind"]!.ToString().ShouldBe("sandbox");
        (await sandbox.Get("/api/sandbox/clock")).ShouldBe(200);
        (await sandbox.Delete("/api/session", same)).ShouldBe(204);
        (await sandbox.Get("/api/me")).ShouldBe(401);

        (await alice.Delete($"/api/keys/{made.Id}")).ShouldBe(204);
        (await readOnly.Get("/api/me")).ShouldBe(401);
        await database.Execute("UPDATE api_key SET expires_at = now()");
        (await live.Get("/api/me")).ShouldBe(401);
    }

    [Fact]
    public async Task A_session_lasts_12_hours_after_its_last_use()
    {
        await using var program = await OwnProgram.Start(database);
        var session = await SignIn(program, await KeyOf(await program.As("dora")));

        await Age("dora", "11 hours 59 minutes");
        (await session.Get("/api/me")).ShouldBe(200);
        (await HoursLeft("dora")).ShouldBeInRange(11.9, 12);
        await Age("dora", "30 seconds");
        var written = await HoursLeft("dora");
        (await session.Get("/api/me")).ShouldBe(200);
        (await HoursLeft("dora")).ShouldBeLessThanOrEqualTo(written);
        await Age("dora", "11 hours 59 minutes 30 seconds");
        (await session.Get("/api/me")).ShouldBe(401);
    }

    [Fact]
    public async Task A_session_that_is_used_lasts_7_days_at_most()
    {
        await using var program = await OwnProgram.Start(database);
        var session = await SignIn(program, await KeyOf(await program.As("emma")));

        await database.Execute(
            $"UPDATE session SET created_at = now() - interval '6 days 23 hours', used_at = now() - interval '1 hour' WHERE {Of("emma")}"
        );
        (await session.Get("/api/me")).ShouldBe(200);
        (await HoursLeft("emma")).ShouldBeInRange(0.9, 1);
        await Age("emma", "61 minutes");
        (await session.Get("/api/me")).ShouldBe(401);
    }

    [Fact]
    public async Task One_session_more_than_a_key_may_have_ends_the_oldest_of_this_key()
    {
        await using var program = await OwnProgram.Start(database);
        var carol = await program.As("carol");
        var key = await KeyOf(carol);
        Client[] others = [await DevSession(program, "carol"), await SignIn(program, await KeyOf(carol))];
        var oldest = await SignIn(program, key);
        await database.Execute($"UPDATE session SET created_at = now() - interval '1 hour' WHERE {Of("carol")}");
        await Task.WhenAll(Enumerable.Range(0, 19).Select(_ => SignIn(program, key)));
        (await oldest.Get("/api/me")).ShouldBe(200);

        await Task.WhenAll(Enumerable.Range(0, 90).Select(_ => SignIn(program, key)));

        (await database.Read<long>($"SELECT count(*) FROM session WHERE {Of("carol")}")).ShouldBe(22);
        (await oldest.Get("/api/me")).ShouldBe(401);
        foreach (var other in others)
        {
            (await other.Get("/api/me")).ShouldBe(200);
        }
    }

    [Fact]
    public async Task One_session_more_than_tokens_may_begin_ends_the_oldest_of_them()
    {
        await using var program = await OwnProgram.Start(database);
        var byKey = await SignIn(program, await KeyOf(await program.As("erin")));
        var oldest = await DevSession(program, "erin");
        await database.Execute($"UPDATE session SET created_at = now() - interval '1 hour' WHERE {Of("erin")}");
        await Task.WhenAll(Enumerable.Range(0, 99).Select(_ => DevSession(program, "erin")));
        (await oldest.Get("/api/me")).ShouldBe(200);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => DevSession(program, "erin")));

        (await database.Read<long>($"SELECT count(*) FROM session WHERE {Of("erin")}")).ShouldBe(101);
        (await oldest.Get("/api/me")).ShouldBe(401);
        (await byKey.Get("/api/me")).ShouldBe(200);
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_the_sessions_of_the_user_or_of_the_key()
    {
        await using var program = await OwnProgram.Start(database);
        var (alice, bob) = (await program.As("alice"), await program.As("bob"));
        var key = await KeyOf(alice);
        Client[] byKey = [await SignIn(program, key), await SignIn(program, key)];
        Client[] others = [await SignIn(program, await KeyOf(alice)), await DevSession(program, "alice")];
        var bobs = await SignIn(program, await KeyOf(bob));

        (await byKey[0].Delete("/api/session?everywhere=true", program.SameSite)).ShouldBe(204);
        foreach (var ended in byKey)
        {
            (await ended.Get("/api/me")).ShouldBe(401);
        }

        (await others[0].Get("/api/me")).ShouldBe(200);
        (await alice.Delete("/api/session?everywhere=maybe")).ShouldBe(400).Fields.ShouldBe(["everywhere"]);
        (await alice.Delete("/api/session?everywhere=true")).ShouldBe(204);
        foreach (var ended in others)
        {
            (await ended.Get("/api/me")).ShouldBe(401);
        }

        (await bobs.Get("/api/me")).ShouldBe(200);
    }

    [Fact]
    public async Task Signing_out_with_a_token_or_a_key_ends_the_session_of_the_cookie_if_it_is_the_callers()
    {
        await using var program = await OwnProgram.Start(database);
        var alice = await program.As("alice");
        var key = program.With("X-Api-Key", await KeyOf(alice));
        Client[] alices = [await DevSession(program, "alice"), await SignIn(program, await KeyOf(alice))];
        var bobs = await DevSession(program, "bob");

        foreach (var (credential, cookie) in ((Client, Client)[])[(alice, alices[0]), (key, alices[1])])
        {
            var answer = (await credential.Delete("/api/session", cookie.Credential)).ShouldBe(204);
            answer.Headers.GetValues("Set-Cookie").Single().ShouldStartWith("followup-session=;");
            (await cookie.Get("/api/me")).ShouldBe(401);
        }

        foreach (var path in (string[])["/api/session", "/api/session?everywhere=true"])
        {
            (await alice.Delete(path, bobs.Credential)).ShouldBe(204).Headers.Contains("Set-Cookie").ShouldBeFalse();
        }

        (await bobs.Get("/api/me")).ShouldBe(200);
    }

    [Fact]
    public async Task Blocking_a_user_ends_the_sessions_for_good_and_refuses_new_ones()
    {
        await using var program = await OwnProgram.Start(database);
        var (operates, mallory) = (await program.As("op"), await program.As("mallory"));
        Client[] sessions = [await SignIn(program, await KeyOf(mallory)), await DevSession(program, "mallory")];
        var id = (await mallory.Get("/api/me")).Id;

        (await operates.Post($"/api/operator/users/{id}/block")).ShouldBe(200);

        var later = await DevSession(program, "mallory");
        (await later.Get("/api/me")).ShouldBe(403).Code.ShouldBe("blocked");
        (await later.Post("/api/sequences", NewSequence, program.SameSite)).ShouldBe(403).Code.ShouldBe("blocked");
        (await operates.Post($"/api/operator/users/{id}/unblock")).ShouldBe(200);
        foreach (var ended in sessions)
        {
            (await ended.Get("/api/me")).ShouldBe(401);
        }
    }

    private static string Of(string subject) => $"owner_id = (SELECT id FROM app_user WHERE subject = '{subject}')";

    private Task<int> Age(string subject, string by) =>
        database.Execute(
            $"UPDATE session SET created_at = created_at - $1::interval, used_at = used_at - $1::interval, expires_at = expires_at - $1::interval WHERE {Of(subject)}",
            by
        );

    private Task<double> HoursLeft(string subject) =>
        database.Read<double>($"SELECT (extract(epoch FROM expires_at - now()) / 3600)::float8 FROM session WHERE {Of(subject)}");

    private static async Task<string> KeyOf(Client user, string kind = "live") =>
        (await user.Post("/api/keys", $$"""{"name":"k","kind":"{{kind}}"}""")).ShouldBe(201).Json["key"]!.ToString();

    private static Task<Client> SignIn(OwnProgram program, string key) => program.Session("/api/session", $$"""{"apiKey":"{{key}}"}""");

    private static Task<Client> DevSession(OwnProgram program, string subject) =>
        program.Session("/dev/session", $$"""{"subject":"{{subject}}"}""");
}
