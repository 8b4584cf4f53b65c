using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Access;

/// <summary>Operators, and the effect of a block on a user's requests and steps.</summary>
public sealed class OperatorTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string TwoMails = """{"name":"n","steps":[{"type":"EMAIL","subject":"s","body":"b"},{"type":"EMAIL"}]}""";

    [Fact]
    public async Task Operators_are_named_by_subject_or_claim_and_only_by_token()
    {
        await using var issuer = await FakeIssuer.Start();
        await using var program = await OwnProgram.Start(database, issuer, ("Authentication:Operators", "oscar, groups=ops"));
        Client With(string subject, Dictionary<string, object>? claims = null) =>
            program.With("Authorization", $"Bearer {issuer.Token(subject, claims: claims)}");
        async Task<bool> IsOperator(Client client) => (await client.Get("/api/me")).ShouldBe(200).Json["operator"]!.GetValue<bool>();

        (await IsOperator(With("oscar"))).ShouldBeTrue();
        (await IsOperator(With("olga", new() { ["groups"] = new[] { "sales", "ops" } }))).ShouldBeTrue();
        (await IsOperator(With("alice", new() { ["groups"] = "ops2" }))).ShouldBeFalse();
        (await IsOperator(With("groups=ops2"))).ShouldBeFalse();
        (await With("alice").Get("/api/operator/users")).ShouldBe(403).Code.ShouldBe("operatorRequired");
        (await With("oscar").Get("/api/operator/users")).ShouldBe(200);
        var key = (await With("oscar").Post("/api/keys", """{"name":"k"}""")).ShouldBe(201).Json["key"]!.ToString();
        (await IsOperator(program.With("X-Api-Key", key))).ShouldBeFalse();
    }

    [Fact]
    public async Task A_blocked_user_is_refused_on_every_node_and_works_again_afterwards()
    {
        await using var first = await OwnProgram.Start(database);
        await using var second = await OwnProgram.Start(database);
        var (operates, mallory, elsewhere) = (await first.As("op"), await first.As("mallory"), await second.As("mallory"));
        var made = (await mallory.Post("/api/keys", """{"name":"k"}""")).ShouldBe(201);
        var key = second.With("X-Api-Key", made.Json["key"]!.ToString());
        var id = (await mallory.Get("/api/me")).Id;
        (await elsewhere.Get("/api/me")).ShouldBe(200);

        var blocked = (await operates.Post($"/api/operator/users/{id}/block")).ShouldBe(200);
        blocked.Json["blockedAt"].ShouldNotBeNull();
        (await operates.Post($"/api/operator/users/{id}/block")).ShouldBe(200).Json["blockedAt"]!
            .ToString()
            .ShouldBe(blocked.Json["blockedAt"]!.ToString());

        foreach (var client in (Client[])[mallory, elsewhere, key])
        {
            (await client.Get("/api/me")).ShouldBe(403).Code.ShouldBe("blocked");
            (await client.Post("/api/sequences", TwoMails)).ShouldBe(403).Code.ShouldBe("blocked");
        }

        var users = (await operates.Get("/api/operator/users?blocked=true")).ShouldBe(200).Json["items"]!.AsArray();
        users.Select(user => user!["subject"]!.ToString()).ShouldBe(["mallory"]);
        (await operates.Get("/api/operator/users?blocked=false&q=mall")).ShouldBe(200).Json["items"]!.AsArray().ShouldBeEmpty();
        (await operates.Post($"/api/operator/users/{id}/unblock")).ShouldBe(200).Json["blockedAt"].ShouldBeNull();
        foreach (var client in (Client[])[mallory, elsewhere, key])
        {
            (await client.Get("/api/me")).ShouldBe(200);
        }
    }

    [Fact]
    public async Task An_operator_cannot_block_itself_or_an_unknown_user()
    {
        await using var program = await OwnProgram.Start(database);
        var operates = await program.As("op");
        var own = (await operates.Get("/api/me")).Id;

        (await operates.Post($"/api/operator/users/{own}/block")).ShouldBe(409).Code.ShouldBe("cannotBlockYourself");
        (await operates.Post($"/api/operator/users/{Guid.NewGuid()}/block")).ShouldBe(404);
        (await operates.Post($"/api/operator/users/{Guid.NewGuid()}/unblock")).ShouldBe(404);
    }

    [Fact]
    public async Task Steps_of_a_blocked_user_are_parked_and_continue_after_unblocking()
    {
        await using var sendGrid = await FakeSendGrid.Start();
        await using var program = await OwnProgram.Start(
            database,
            ("Role", "all"),
            ("Email:Provider", "sendgrid"),
            ("SendGrid:ApiKey", sendGrid.ApiKey),
            ("SendGrid:BaseUrl", sendGrid.Url),
            ("Dispatcher:PollInterval", "50ms"),
            ("Dispatcher:SweepInterval", "100ms")
        );
        var (operates, spammer, other) = (await program.As("op"), await program.As("spammer"), await program.As("other"));
        var (sequence, theirs) = (await spammer.Sequence(TwoMails), await other.Sequence(TwoMails));
        var soon = DateTimeOffset.UtcNow.AddHours(1).ToString("O");
        var instance = (
            await spammer.Post($"{sequence}/instances", $$"""{"recipient":{"email":"anna@example.com"},"startAt":"{{soon}}"}""")
        )
            .ShouldBe(201)
            .Id;
        var id = (await spammer.Get("/api/me")).Id;
        (await operates.Post($"/api/operator/users/{id}/block")).ShouldBe(200);

        await database.Execute("UPDATE step_job SET due_at = now() WHERE instance_id = $1", Guid.Parse(instance));
        await Eventually.Holds(
            async () =>
                await database.Read<string>(
                    "SELECT coalesce(park_reason, state) FROM step_job WHERE instance_id = $1",
                    Guid.Parse(instance)
                ) == "ownerBlocked",
            "the step is parked"
        );
        await other.Enroll(theirs);
        await Eventually.Holds(() => Task.FromResult(sendGrid.Accepted.Count == 2), "the other user's mails go out meanwhile");
        (await database.Read<long>("SELECT count(*) FROM attempt WHERE instance_id = $1", Guid.Parse(instance))).ShouldBe(0);

        (await operates.Post($"/api/operator/users/{id}/unblock")).ShouldBe(200);

        await Eventually.Holds(
            async () => (await spammer.Get($"/api/instances/{instance}")).Json["status"]!.ToString() == "COMPLETED",
            "the parked step goes on"
        );
        sendGrid.Accepted.Count(mail => mail.InstanceId == Guid.Parse(instance)).ShouldBe(2);
    }
}
