using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>Every event names its originator, and its hash covers it.</summary>
public sealed class EventActorTests(TestProgram program) : ApiTest(program)
{
    private const string MailThenWait =
        """{"name":"n","steps":[{"type":"EMAIL","subject":"s","body":"b"},{"type":"WAIT","delayDays":3},{"type":"EMAIL"}]}""";

    [Fact]
    public async Task An_event_names_the_user_the_key_or_the_engine()
    {
        var made = (await Alice.Post("/api/keys", """{"name":"CRM"}""")).ShouldBe(201);
        var key = WithKey(made.Json["key"]!.ToString());
        var user = (await Alice.Get("/api/me")).Id;
        var sequence = await Alice.Sequence(MailThenWait);
        var instance = await key.Enroll(sequence);
        await Eventually.Holds(async () => (await Actors(instance)).Count == 2, "the mail is sent");
        (await Alice.Post($"/api/instances/{instance}/pause")).ShouldBe(200);
        (await key.Post("/api/instances/actions", $$"""{"action":"stop","reason":"manual","ids":["{{instance}}"]}""")).ShouldBe(202);
        await Eventually.Holds(async () => (await Actors(instance)).Count == 4, "the action is applied");

        (await Actors(instance)).ShouldBe([
            ("enrolled", "apiKey", made.Id),
            ("EMAIL", "engine", null),
            ("paused", "user", user),
            ("stopped", "apiKey", made.Id),
        ]);
        (await Alice.Get($"/api/instances/{instance}/verify")).ShouldBe(200).Json["intact"]!.GetValue<bool>().ShouldBeTrue();
        (await Alice.Get("/api/operations")).ShouldBe(200).Json["items"]![0]!["actor"]!["id"]!.ToString().ShouldBe(made.Id);
    }

    [Fact]
    public async Task Rows_of_a_list_and_moved_instances_name_the_originator()
    {
        var user = (await Alice.Get("/api/me")).Id;
        const string Wait = """{"id":"wait","type":"WAIT","delayDays":3}""";
        const string Offer = """{"id":"offer","type":"EMAIL"}""";
        var sequence = await Alice.Sequence($$"""{"name":"n","steps":[{{Wait}},{{Offer}}]}""");
        (await Alice.Send(HttpMethod.Post, $"{sequence}/instances/bulk", "email\nanna@example.com\n", "text/csv")).ShouldBe(200);
        (await Alice.Put(sequence, $$"""{"steps":[{"id":"new","type":"EMAIL"},{{Wait}},{{Offer}}]}""")).ShouldBe(200);
        (await Alice.Post($"{sequence}/versions/2/migrate", """{"policy":"map","map":{}}""")).ShouldBe(202);
        var instance = (await Alice.Get("/api/instances")).ShouldBe(200).Json["items"]![0]!["id"]!.ToString();

        await Eventually.Holds(async () => (await Actors(instance)).Count == 2, "the instance is moved");
        (await Actors(instance)).ShouldBe([("enrolled", "user", user), ("migrated", "user", user)]);
    }

    [Fact]
    public async Task The_log_is_filtered_by_actor()
    {
        var instance = await Alice.Enroll(await Alice.Sequence(MailThenWait));
        await Eventually.Holds(async () => (await Actors(instance)).Count == 2, "the mail is sent");
        (await Alice.Post($"/api/instances/{instance}/pause")).ShouldBe(200);
        var user = (await Alice.Get("/api/me")).Id;
        async Task<string[]> Types(string actor) =>
            [.. (await Alice.Get($"/api/events?actor={actor}")).ShouldBe(200).Json["items"]!.AsArray().Select(e => e!["type"]!.ToString())];

        (await Types("user")).ShouldBe(["enrolled", "paused"]);
        (await Types("engine")).ShouldBe(["EMAIL"]);
        (await Types(user)).ShouldBe(["enrolled", "paused"]);
        (await Types("recipient")).ShouldBeEmpty();
        (await Types($"user&type=paused")).ShouldBe(["paused"]);
        (await Alice.Get("/api/events?actor=unknown")).ShouldBe(400).Fields.ShouldBe(["actor"]);
        var csv = await Alice.Get("/api/events?actor=user&type=paused", ("Accept", "text/csv"));
        csv.Text.Split("\r\n")[1].ShouldEndWith($",user,{user}");
        var wrong = await Alice.Get("/api/events?actor=unknown", ("Accept", "text/csv"));
        wrong.ShouldBe(400).Fields.ShouldBe(["actor"]);
    }

    [Fact]
    public async Task Another_actor_in_the_database_breaks_the_timeline()
    {
        var instance = await Alice.Enroll(await Alice.Sequence(MinimalSequence));
        await Database.Execute(
            """
            ALTER TABLE follow_up_event DISABLE TRIGGER follow_up_event_no_change;
            UPDATE follow_up_event SET actor_kind = 'engine', actor_id = NULL;
            ALTER TABLE follow_up_event ENABLE TRIGGER follow_up_event_no_change
            """
        );

        (await Alice.Get($"/api/instances/{instance}/verify")).ShouldBe(200).Json["findings"]!
            .AsArray()
            .Select(f => f!.ToString())
            .ShouldBe(["chainBroken"]);
    }

    private async Task<List<(string Type, string Actor, string? Id)>> Actors(string instance) =>
        [
            .. (await Alice.Get($"/api/instances/{instance}/events")).ShouldBe(200).Json["items"]!
                .AsArray()
                .Select(e => (e!["type"]!.ToString(), e["actor"]!["kind"]!.ToString(), e["actor"]!["id"]?.ToString())),
        ];
}
