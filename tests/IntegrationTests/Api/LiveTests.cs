using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>Server-Sent Events: what they contain, where they continue, and when they end.</summary>
public sealed class LiveTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Wait = """{"name":"n","steps":[{"type":"WAIT","delayDays":3},{"type":"EMAIL"}]}""";

    [Fact]
    public async Task A_stream_has_the_users_new_events_and_the_overview_and_continues_on_another_node()
    {
        await using var first = await OwnProgram.Start(database);
        await using var second = await OwnProgram.Start(database);
        var bob = await first.As("bob");
        // Each node of Development signs its own tokens; keys are in the database.
        var key = (await (await first.As("alice")).Post("/api/keys", """{"name":"k"}""")).ShouldBe(201).Json["key"]!.ToString();
        var alice = first.With("X-Api-Key", key);
        var sequence = await alice.Sequence(Wait);
        await alice.Enroll(sequence, "before@example.com");
        string last;
        await using (var stream = await Listener.Open(first, alice))
        {
            (await stream.Next("overview")).Data["attention"].ShouldNotBeNull();
            await bob.Enroll(await bob.Sequence(Wait));
            var instance = await alice.Enroll(sequence, "first@example.com");

            var message = await stream.Next("event");

            message.Data["items"]!
                .AsArray()
                .Select(e => (e!["type"]!.ToString(), e["instanceId"]!.ToString()))
                .ShouldBe([("enrolled", instance)]);
            message.Data["skipped"]!.GetValue<bool>().ShouldBeFalse();
            (last = message.Id!).ShouldBe(message.Data["items"]![0]!["id"]!.ToString());
        }

        var missed = await alice.Enroll(sequence, "second@example.com");
        await using var again = await Listener.Open(second, alice, last);

        (await again.Next("event")).Data["items"]!.AsArray().Select(e => e!["instanceId"]!.ToString()).ShouldBe([missed]);
    }

    [Fact]
    public async Task A_stream_leaves_out_the_oldest_events_when_there_are_too_many()
    {
        await using var program = await OwnProgram.Start(database);
        var alice = await program.As("carla");
        var sequence = await alice.Sequence(Wait);
        await alice.Enroll(sequence, "mark@example.com");
        var mark = (await alice.Get("/api/events")).Json["items"]![0]!["id"]!.ToString();
        var rows = string.Concat(Enumerable.Range(0, 300).Select(i => $"{i}@example.com\n"));
        (await alice.Send(HttpMethod.Post, $"{sequence}/instances/bulk", $"email\n{rows}", "text/csv")).ShouldBe(200);

        await using var stream = await Listener.Open(program, alice, mark);

        var message = await stream.Next("event");
        message.Data["skipped"]!.GetValue<bool>().ShouldBeTrue();
        message.Data["items"]!.AsArray().Count.ShouldBe(200);
        var log = (await alice.Get("/api/events?limit=200&after=" + mark)).Json;
        message.Data["items"]![199]!["id"]!.ToString().ShouldNotBe(log["items"]![199]!["id"]!.ToString());
    }

    [Fact]
    public async Task A_stream_ends_with_its_credential_and_when_its_user_is_blocked()
    {
        await using var program = await OwnProgram.Start(database);
        var (operates, alice, mallory) = (await program.As("op"), await program.As("alice"), await program.As("mallory"));
        var made = (await alice.Post("/api/keys", """{"name":"k"}""")).ShouldBe(201);
        var session = await program.Session("/dev/session", """{"subject":"alice"}""");
        await using var byKey = await Listener.Open(program, program.With("X-Api-Key", made.Json["key"]!.ToString()));
        await using var bySession = await Listener.Open(program, session);
        await using var byToken = await Listener.Open(program, mallory);
        foreach (var stream in (Listener[])[byKey, bySession, byToken])
        {
            await stream.Next("overview");
        }

        (await alice.Delete($"/api/keys/{made.Id}")).ShouldBe(204);
        (await session.Delete("/api/session", program.SameSite)).ShouldBe(204);
        (await operates.Post($"/api/operator/users/{(await mallory.Get("/api/me")).Id}/block")).ShouldBe(200);

        foreach (var stream in (Listener[])[byKey, bySession, byToken])
        {
            await stream.End();
        }
    }

    [Fact]
    public async Task A_user_has_at_most_ten_streams_and_a_place_is_free_when_one_is_closed()
    {
        await using var program = await OwnProgram.Start(database);
        var (alice, bob) = (await program.As("alice"), await program.As("bob"));
        List<Listener> streams = [];
        for (var i = 0; i < 10; i++)
        {
            streams.Add(await Listener.Open(program, alice));
        }

        var refused = (await alice.Get("/api/live")).ShouldBe(429);
        refused.Code.ShouldBe("tooManyStreams");
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await bob.Get("/api/live")).ShouldBe(200);
        await streams[0].DisposeAsync();
        await Eventually.Holds(async () => (int)(await alice.Get("/api/live")).Status == 200, "the closed stream's place is free");
        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_streams_of_a_node_share_one_read_of_the_horizon_a_second()
    {
        await using var program = await OwnProgram.Start(database);
        var alice = await program.As("dora");
        await database.Execute(
            """
            CREATE SEQUENCE horizon_read;
            ALTER FUNCTION follow_up_event_horizon() RENAME TO real_horizon;
            CREATE FUNCTION follow_up_event_horizon() RETURNS bigint LANGUAGE sql SET search_path FROM CURRENT AS
              'SELECT nextval(''horizon_read''); SELECT real_horizon()';
            """
        );
        var begun = Stopwatch.GetTimestamp();
        List<Listener> streams = [];
        for (var i = 0; i < 8; i++)
        {
            streams.Add(await Listener.Open(program, alice));
        }

        for (var ticks = 0; ticks < 4; ticks++)
        {
            await Task.WhenAll(streams.Select(stream => stream.Next("overview")));
        }

        var reads = await database.Read<long>("SELECT last_value FROM horizon_read");
        reads.ShouldBeLessThanOrEqualTo(streams.Count + 2 + (long)(Stopwatch.GetElapsedTime(begun).TotalSeconds / 0.9));
        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_stream_starts_at_the_end_after_an_event_that_was_deleted_or_is_another_users()
    {
        await using var program = await OwnProgram.Start(database);
        var (alice, bob) = (await program.As("erik"), await program.As("bob"));
        await bob.Enroll(await bob.Sequence(Wait), "other@example.com");
        var foreign = (await bob.Get("/api/events")).Json["items"]![0]!["id"]!.ToString();
        var sequence = await alice.Sequence(Wait);
        await alice.Enroll(sequence);
        var deleted = (await alice.Get("/api/events")).Json["items"]![0]!["id"]!.ToString();
        (await alice.Delete(sequence)).ShouldBe(204);

        foreach (var last in (string[])[foreign, deleted])
        {
            await using var stream = await Listener.Open(program, alice, last);
            (await stream.Next("event")).Data.ToJsonString().ShouldBe("""{"items":[],"skipped":true}""");
        }
    }

    [Fact]
    public async Task A_wrong_start_is_refused_and_HEAD_ends_with_the_headers()
    {
        await using var program = await OwnProgram.Start(database);
        var alice = await program.As("alice");

        (await alice.Get("/api/live", ("Last-Event-ID", "rubbish"))).ShouldBe(400).Fields.ShouldBe(["Last-Event-ID"]);
        var head = await alice.Send(HttpMethod.Head, "/api/live", null, null);
        (head.Status, head.ContentType).ShouldBe((HttpStatusCode.OK, "text/event-stream"));
        (await program.Anonymous.Get("/api/live")).ShouldBe(401);
    }

    /// <summary>A client that reads a stream of events.</summary>
    private sealed class Listener(HttpClient http, HttpResponseMessage response, StreamReader reader) : IAsyncDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        public static async Task<Listener> Open(OwnProgram program, Client user, string? last = null)
        {
            var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = program.Http.BaseAddress };
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/live");
            request.Headers.Add(user.Credential.Name, user.Credential.Value);
            if (last is not null)
            {
                request.Headers.Add("Last-Event-ID", last);
            }

            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
            return new Listener(http, response, new StreamReader(await response.Content.ReadAsStreamAsync()));
        }

        /// <summary>The next message with a name.</summary>
        public async Task<(string? Id, JsonNode Data)> Next(string name)
        {
            while (true)
            {
                Dictionary<string, string> fields = [];
                while (await Line() is { Length: > 0 } line)
                {
                    fields[line.Split(": ", 2)[0]] = line.Split(": ", 2)[1];
                }

                fields.ShouldNotBeEmpty("the stream has ended");
                if (fields["event"] == name)
                {
                    return (fields.GetValueOrDefault("id"), JsonNode.Parse(fields["data"])!);
                }
            }
        }

        /// <summary>Reads until the server ends the stream.</summary>
        public async Task End()
        {
            while (await Line() is not null)
            {
                // What was sent before.
            }
        }

        public ValueTask DisposeAsync()
        {
            response.Dispose();
            http.Dispose();
            return ValueTask.CompletedTask;
        }

        private Task<string?> Line() => reader.ReadLineAsync().WaitAsync(Patience);
    }
}
