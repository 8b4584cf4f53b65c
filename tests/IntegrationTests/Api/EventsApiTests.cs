using System.Text;
using System.Text.Json.Nodes;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary><c>GET /api/events</c>: start and content of a page.</summary>
public sealed class EventsApiTests(TestProgram program) : ApiTest(program)
{
    [Theory]
    [InlineData("after=7", "after")]
    [InlineData("after=0195f1c2-be54-7172-a0af-9d0e1f203142", "after")]
    [InlineData("after=ffffffff-ffff-ffff-ffff-ffffffffffff", "after")]
    [InlineData("sequenceId=7", "sequenceId")]
    [InlineData("type=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "type")]
    [InlineData("cursor=TGlzdEV2ZW50c3wtMQ", "cursor")]
    public async Task An_invalid_start_of_the_event_log_is_named(string query, string field)
    {
        foreach (var accept in (string[])["application/json", "application/x-ndjson"])
        {
            if (field is "after" or "sequenceId" || accept == "application/json")
            {
                (await Alice.Get($"/api/events?{query}", ("Accept", accept))).ShouldBe(400).Fields.ShouldBe([field]);
            }
        }
    }

    [Fact]
    public async Task Reading_after_an_event_returns_the_later_ones_or_an_empty_page()
    {
        var (_, ids) = await Enrolled(3);

        var rest = await Events(Alice, $"after={ids[0]}");
        var none = await Events(Alice, $"after={ids[2]}");
        var exported = await Alice.Get($"/api/events?after={ids[1]}", ("Accept", "application/x-ndjson"));

        rest.ShouldBe([ids[1], ids[2]]);
        none.ShouldBeEmpty();
        exported
            .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!["id"]!.ToString())
            .ShouldBe([ids[2]]);
    }

    [Fact]
    public async Task An_event_of_another_user_is_not_accepted_as_a_start()
    {
        var (_, ids) = await Enrolled(1);

        (await Bob.Get($"/api/events?after={ids[0]}")).ShouldBe(400).Fields.ShouldBe(["after"]);
    }

    [Fact]
    public async Task A_cursor_of_an_earlier_release_still_works()
    {
        var (_, ids) = await Enrolled(3);
        var second = (await Alice.Get("/api/events")).Json["items"]![1]!;
        var old = Convert.ToBase64String(Encoding.UTF8.GetBytes($"ListEvents|638000000000000000|{second["instanceId"]}|1")).TrimEnd('=');

        (await Events(Alice, $"cursor={old}")).ShouldBe([ids[2]]);
    }

    [Fact]
    public async Task Events_can_be_filtered_by_sequence()
    {
        await Enrolled(2);
        var (sequence, ids) = await Enrolled(1);

        (await Events(Alice, $"sequenceId={sequence[(sequence.LastIndexOf('/') + 1)..]}")).ShouldBe(ids);
        (await Events(Bob, $"sequenceId={sequence[(sequence.LastIndexOf('/') + 1)..]}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_can_be_filtered_by_an_interval_in_a_log_of_any_length()
    {
        var (sequence, _) = await Enrolled(1);
        await Fill(sequence, 1, 60_000, "'2026-01-01'::timestamptz + n * interval '1 s'", "delivered");

        var events = await Events(Alice, "limit=200&from=2026-01-01T10:00:00Z&to=2026-01-01T10:00:03Z");
        var first = await Events(Alice, "limit=200&to=2026-01-01T00:00:04Z");
        var last = await Events(Alice, "limit=200&from=2026-01-01T16:39:59Z&type=delivered");

        (events.Count, first.Count, last.Count).ShouldBe((3, 3, 2));
    }

    [Fact]
    public async Task A_late_written_event_is_in_the_interval_of_its_instant()
    {
        var (sequence, _) = await Enrolled(1);
        await Written(sequence, 2, sentAt: "10:00", writtenAt: "10:00");
        await Written(sequence, 3, sentAt: "13:30", writtenAt: "13:30");
        await Written(sequence, 4, sentAt: "10:10", writtenAt: "13:31");
        await Written(sequence, 5, sentAt: "15:00", writtenAt: "15:00");

        var late = await Types(Alice, "from=2026-01-01T09:30:00Z&to=2026-01-01T10:30:00Z");
        var before = await Types(Alice, "from=2026-01-01T13:00:00Z&to=2026-01-01T14:00:00Z");

        late.ShouldBe(["at 10:00", "at 10:10"]);
        before.ShouldBe(["at 13:30"], "the late one has a later position");
    }

    [Fact]
    public async Task A_rare_event_behind_many_others_is_on_the_first_page()
    {
        var (sequence, _) = await Enrolled(1);
        await Fill(sequence, 1, 45_000, "now()", "delivered");
        await Fill(sequence, 50_000, 50_000, "now()", "complained");

        (await Events(Alice, "type=complained")).Count.ShouldBe(1);
        (await Alice.Get("/api/events?type=complained", ("Accept", "application/x-ndjson"))).Text.ShouldContain("complained");
    }

    private async Task<(string Sequence, List<string> Ids)> Enrolled(int people)
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        for (var i = 0; i < people; i++)
        {
            await Alice.Enroll(sequence, $"{i}@example.com");
        }

        var ids = await Events(Alice, "limit=200");
        return (sequence, ids[^people..]);
    }

    private static async Task<List<string>> Events(Client client, string query) =>
        [.. (await client.Get($"/api/events?{query}")).ShouldBe(200).Json["items"]!.AsArray().Select(e => e!["id"]!.ToString())];

    private static async Task<List<string>> Types(Client client, string query) =>
        [.. (await client.Get($"/api/events?{query}")).ShouldBe(200).Json["items"]!.AsArray().Select(e => e!["type"]!.ToString())];

    /// <summary>Inserts an event after the sequence's first one, as a write-back after an outage does.</summary>
    private async Task Written(string sequence, int number, string sentAt, string writtenAt)
    {
        await Fill(sequence, number - 1, number - 1, $"'2026-01-01 {sentAt}Z'", $"at {sentAt}", $"'2026-01-01 {writtenAt}Z'");
    }

    /// <summary>Inserts events after the first one of the sequence's first instance.</summary>
    private Task<int> Fill(string sequence, int from, int to, string sentAt, string type, string? writtenAt = null) =>
        Database.Execute(
            $$"""
            INSERT INTO follow_up_event (id, owner_id, instance_id, sequence_id, version, number, type, content, sent_at, written_at, previous_hash,
              hash)
            SELECT gen_random_uuid(), owner_id, instance_id, sequence_id, 1, n + 1, '{{type}}', '{}', {{sentAt}}, {{writtenAt
                ?? sentAt}}, hash, hash
            FROM generate_series({{from}}, {{to}}) n, follow_up_event
            WHERE number = 1 AND sequence_id = '{{sequence[(sequence.LastIndexOf('/') + 1)..]}}'
            """
        );
}
