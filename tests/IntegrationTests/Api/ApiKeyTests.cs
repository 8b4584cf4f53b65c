using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>API keys: management, expiry and visibility.</summary>
public sealed class ApiKeyTests(TestProgram program) : ApiTest(program)
{
    [Fact]
    public async Task A_key_can_neither_create_nor_revoke_keys()
    {
        var made = (await Alice.Post("/api/keys", """{"name":"CRM"}""")).ShouldBe(201);
        var readOnly = (await Alice.Post("/api/keys", """{"name":"BI","readOnly":true}""")).ShouldBe(201);
        var client = WithKey(made.Json["key"]!.ToString());

        (await client.Post("/api/keys", """{"name":"more"}""")).ShouldBe(403).Code.ShouldBe("tokenRequired");
        (await client.Post("/API/keys", """{"name":"more"}""")).ShouldBe(403).Code.ShouldBe("tokenRequired");
        (await client.Post("/api/keys", "{")).ShouldBe(403).Code.ShouldBe("tokenRequired");
        (await client.Delete($"/api/keys/{readOnly.Id}")).ShouldBe(403).Code.ShouldBe("tokenRequired");
        (await WithKey(readOnly.Json["key"]!.ToString()).Delete($"/api/keys/{made.Id}")).ShouldBe(403).Code.ShouldBe("readOnlyKey");
        (await Alice.Get("/api/keys")).Json["items"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_key_is_rejected_after_its_expiry()
    {
        var made = (await Alice.Post("/api/keys", """{"name":"CRM","expiresAt":"2099-01-01T00:00:00+02:00"}""")).ShouldBe(201);
        made.Json["expiresAt"]!.ToString().ShouldBe("2098-12-31T22:00:00Z");
        var client = WithKey(made.Json["key"]!.ToString());
        (await client.Get("/api/me")).ShouldBe(200);

        await Database.Execute("UPDATE api_key SET expires_at = now() WHERE id = $1", Guid.Parse(made.Id));

        (await client.Get("/api/me")).ShouldBe(401);
        (await Alice.Post("/api/keys", """{"name":"CRM","expiresAt":"2020-01-01T00:00:00Z"}"""))
            .ShouldBe(400)
            .Fields.ShouldBe(["expiresAt"]);
        (await Alice.Post("/api/keys", """{"name":"CRM","expiresAt":"tomorrow"}""")).ShouldBe(400).Fields.ShouldBe(["expiresAt"]);
    }

    [Fact]
    public async Task The_last_use_of_a_key_is_shown_with_hour_precision()
    {
        var made = (await Alice.Post("/api/keys", """{"name":"CRM"}""")).ShouldBe(201);
        (await Alice.Get("/api/keys")).Json["items"]![0]!["lastUsedAt"].ShouldBeNull();

        (await WithKey(made.Json["key"]!.ToString()).Get("/api/me")).ShouldBe(200);

        var used = (await Alice.Get("/api/keys")).Json["items"]![0]!["lastUsedAt"]!.GetValue<DateTimeOffset>();
        (used.Minute, used.Second, used.Millisecond).ShouldBe((0, 0, 0));
        (DateTimeOffset.UtcNow - used).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromMinutes(61));
    }

    [Fact]
    public async Task A_user_has_at_most_100_active_keys()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 105).Select(i => Alice.Post("/api/keys", $$"""{"name":"k{{i}}"}""")));

        keys.Count(answer => (int)answer.Status == 201).ShouldBe(100);
        keys.Where(answer => (int)answer.Status != 201).ShouldAllBe(answer => answer.ShouldBe(409).Code == "tooManyKeys");
        (await Bob.Post("/api/keys", """{"name":"k"}""")).ShouldBe(201);
        (await Alice.Delete($"/api/keys/{keys.First(answer => (int)answer.Status == 201).Id}")).ShouldBe(204);
        (await Alice.Post("/api/keys", """{"name":"k"}""")).ShouldBe(201);
        (await Alice.Post("/api/keys", """{"name":"k"}""")).ShouldBe(409);
        await Database.Execute("UPDATE api_key SET expires_at = now() WHERE name = 'k'");
        (await Alice.Post("/api/keys", """{"name":"k"}""")).ShouldBe(201);
    }

    [Fact]
    public async Task Me_returns_the_permissions_of_the_credential()
    {
        async Task<string> Permissions(Client client) =>
            string.Join(' ', (await client.Get("/api/me")).ShouldBe(200).Json["permissions"]!.AsArray().Select(p => p!.ToString()));

        async Task<Client> Key(string json) => WithKey((await Alice.Post("/api/keys", json)).ShouldBe(201).Json["key"]!.ToString());

        (await Permissions(Alice)).ShouldBe("read write manageKeys operate");
        (await Permissions(await Key("""{"name":"k"}"""))).ShouldBe("read write operate");
        (await Permissions(await Key("""{"name":"k","readOnly":true}"""))).ShouldBe("read operate");
        (await Permissions(await Key("""{"name":"k","kind":"sandbox"}"""))).ShouldBe("read write");
    }
}
