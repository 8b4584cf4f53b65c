using System.Text.Json;
using System.Text.Json.Nodes;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>
/// The test clock for integrators. The program of these tests has a worker that claims every 50 ms and a SendGrid that accepts every mail: neither
/// receives anything from a sandbox.
/// </summary>
public sealed partial class SandboxTests(TestProgram program) : ApiTest(program), IAsyncLifetime
{
    private const string TwoMails = """{"name":"n","steps":[{"type":"EMAIL"},{"type":"WAIT","delayDays":3},{"type":"EMAIL"}]}""";

    private string _schema = "";

    private Client Box { get; set; } = null!;

    public new async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Box = await SandboxOf(Alice);
        _schema = await SchemaOf(Alice);
        (await Box.Delete("/api/sandbox")).ShouldBe(204);
    }

    [Fact]
    public async Task A_clock_move_executes_all_due_steps_in_order_at_their_instants()
    {
        var calls = SendGrid.Requests;
        var begin = await Now();
        var slow = await Box.Sequence(
            """{"name":"slow","steps":[{"type":"EMAIL","subject":"a"},{"type":"WAIT","delayDays":3},{"type":"EMAIL","subject":"c"},{"type":"WAIT","delay":"PT36H"},{"type":"SMS","message":"d"}]}"""
        );
        var quick = await Box.Sequence("""{"name":"quick","steps":[{"type":"WAIT","delayDays":1},{"type":"EMAIL","subject":"b"}]}""");
        var anna = await Enroll(slow, "anna@example.com");
        var ben = await Enroll(quick, "ben@example.com");

        var moved = await Move("""{"advance":"P14D"}""");

        moved["done"]!.GetValue<bool>().ShouldBeTrue();
        moved["steps"]!.GetValue<int>().ShouldBe(7);
        moved["nextDueAt"].ShouldBeNull();
        Instant(moved["now"]).ShouldBe(begin.AddDays(14));
        (await Now()).ShouldBe(begin.AddDays(14));

        var messages = await Messages();
        messages.Select(m => (m["subject"] ?? m["text"])!.ToString()).ShouldBe(["a", "b", "c", "d"]);
        messages.Select(m => Instant(m["at"])).ShouldBe([begin, begin.AddDays(1), begin.AddDays(3), begin.AddDays(3).AddHours(36)]);
        messages.Select(m => m["to"]!.ToString()).ShouldBe(["anna@example.com", "ben@example.com", "anna@example.com", "+4915112345678"]);
        messages.Select(m => m["stepIndex"]!.GetValue<int>()).ShouldBe([0, 1, 2, 4]);
        messages[0]["headers"]!["Message-Id"].ShouldNotBeNull();
        (messages[0]["from"]!.ToString(), messages[0]["toName"]!.ToString()).ShouldBe(("sales@followup.example", "Anna"));
        messages[1]["instanceId"]!.ToString().ShouldBe(ben);

        (await Timeline(anna))
            .Select(e => Instant(e!["sentAt"]))
            .ShouldBe([
                begin,
                begin,
                begin.AddDays(3),
                begin.AddDays(3),
                begin.AddDays(3).AddHours(36),
                begin.AddDays(3).AddHours(36),
                begin.AddDays(3).AddHours(36),
            ]);
        (await Box.Get($"/api/instances/{anna}/verify")).Json["intact"]!.GetValue<bool>().ShouldBeTrue();
        (await Box.Get($"/api/instances/{anna}")).Json["status"]!.ToString().ShouldBe("COMPLETED");
        // A wait ends at the instant at which the next step is attempted: the attempt belongs to that step.
        (
            await Box.Get($"/api/instances/{anna}/why")
        ).Json["steps"]!.AsArray().Select(s => s!["tries"]!.AsArray().Count).ShouldBe([1, 0, 1, 0, 1]);
        SendGrid.Requests.ShouldBe(calls);
    }

    [Fact]
    public async Task Without_a_clock_move_only_steps_that_are_already_due_run()
    {
        var begin = await Now();
        var sequence = await Box.Sequence(TwoMails);
        await Enroll(sequence, "anna@example.com");
        await AWorkerHasLooked();

        (await Messages()).ShouldBeEmpty();
        var moved = await Move("""{"advance":"PT0S"}""");

        (Instant(moved["now"]), moved["steps"]!.GetValue<int>()).ShouldBe((begin, 1));
        Instant(moved["nextDueAt"]).ShouldBe(begin.AddDays(3));
        (await Messages()).Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_window_follows_the_sandbox_clock_and_the_recipients_zone_across_a_DST_change()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var march = new DateTimeOffset((await Now()).Year + 1, 3, 31, 0, 0, 0, TimeSpan.Zero);
        var sunday = march.AddDays(-(int)march.DayOfWeek);
        await Move($$"""{"to":"{{sunday.AddDays(-2).AddHours(12):yyyy-MM-dd'T'HH:mm:ss'Z'}}"}""");
        var sequence = await Box.Sequence(
            """
            {"name":"n","schedule":{"timeZone":"recipient","fallbackTimeZone":"UTC","days":["monday","tuesday","wednesday","thursday","friday"],"from":"09:00","to":"17:00"},
             "steps":[{"type":"EMAIL"},{"type":"WAIT","delayDays":2},{"type":"EMAIL"}]}
            """
        );
        await Enroll(sequence, "anna@example.com", "Europe/Berlin");

        await Move("""{"advance":"P7D"}""");

        var at = (await Messages()).Select(m => TimeZoneInfo.ConvertTime(Instant(m["at"]), berlin)).ToArray();
        at[0].UtcDateTime.ShouldBe(sunday.AddDays(-2).AddHours(12).UtcDateTime);
        at[1].DateTime.ShouldBe(sunday.DateTime.AddDays(1).AddHours(9));
        at[1].Offset.ShouldBe(TimeSpan.FromHours(2));
    }

    [Fact]
    public async Task A_daily_cap_counts_days_of_the_sandbox_clock()
    {
        (await Box.Put("/api/limits", """{"timeZone":"UTC","mailsPerDay":1}""")).ShouldBe(200);
        var sequence = await Box.Sequence("""{"name":"n","steps":[{"type":"EMAIL"}]}""");
        foreach (var name in new[] { "a", "b", "c" })
        {
            await Enroll(sequence, $"{name}@example.com");
        }

        var begin = await Now();
        await Move("""{"advance":"P14D"}""");

        var days = (await Messages()).Select(m => Instant(m["at"]).UtcDateTime.Date).ToArray();
        days.ShouldBe([begin.Date, begin.Date.AddDays(1), begin.Date.AddDays(2)]);
    }

    [Fact]
    public async Task A_pause_keeps_the_remaining_wait_in_sandbox_time()
    {
        var begin = await Now();
        var instance = await Enroll(
            await Box.Sequence("""{"name":"n","steps":[{"type":"WAIT","delayDays":10},{"type":"EMAIL"}]}"""),
            "a@example.com"
        );
        await Move("""{"advance":"P4D"}""");
        (await Box.Post($"/api/instances/{instance}/pause")).ShouldBe(200);
        await Move("""{"advance":"P1M"}""");
        (await Messages()).ShouldBeEmpty();

        var resumed = (await Box.Post($"/api/instances/{instance}/resume")).ShouldBe(200);

        var resumedAt = begin.AddDays(4).AddMonths(1);
        Instant(resumed.Json["nextDueAt"]).ShouldBe(resumedAt.AddDays(6));
        await Move("""{"advance":"P6D"}""");
        Instant((await Messages()).Single()["at"]).ShouldBe(resumedAt.AddDays(6));
        (await Timeline(instance)).Single(e => e!["type"]!.ToString() == "paused")!["sentAt"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_clock_move_does_not_affect_live_data_and_the_tenants_are_isolated()
    {
        var live = await Alice.Enroll(await Alice.Sequence(MinimalSequence), "live@example.com");
        var due = await Database.Read<DateTime>("SELECT due_at FROM step_job WHERE instance_id = $1", Guid.Parse(live));
        var boxed = await Enroll(await Box.Sequence(MinimalSequence), "boxed@example.com");

        await Move("""{"advance":"P30D"}""");

        (await Database.Read<DateTime>("SELECT due_at FROM step_job WHERE instance_id = $1", Guid.Parse(live))).ShouldBe(due);
        (await Alice.Get($"/api/instances/{live}")).Json["status"]!.ToString().ShouldBe("ACTIVE");
        (await Box.Get($"/api/instances/{boxed}")).Json["status"]!.ToString().ShouldBe("COMPLETED");
        (await Box.Get($"/api/instances/{live}")).ShouldBe(404);
        (await Alice.Get($"/api/instances/{boxed}")).ShouldBe(404);
        (await Box.Get("/api/instances")).Json["items"]!.AsArray().Single()!["id"]!.ToString().ShouldBe(boxed);
        (await Alice.Get("/api/instances")).Json["items"]!.AsArray().Single()!["id"]!.ToString().ShouldBe(live);
    }

    [Fact]
    public async Task Each_user_has_a_separate_sandbox_clock_and_all_keys_of_a_user_share_it()
    {
        var second = await SandboxOf(Alice);
        var bob = await SandboxOf(Bob);
        var before = await Now(bob);
        await Enroll(await Box.Sequence(MinimalSequence), "a@example.com");

        await Move("""{"advance":"P30D"}""", second);

        (await Messages()).Length.ShouldBe(1);
        (await Now(bob)).ShouldBe(before);
        (await bob.Get("/api/sandbox/messages")).Json["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_open_live_breaker_does_not_affect_the_sandbox()
    {
        await Database.Execute(
            "UPDATE channel_breaker SET open_until = now() + interval '1 hour', failures = 5, trips = 1 WHERE channel = 'EMAIL'"
        );
        try
        {
            var before = await Breakers();
            await Enroll(await Box.Sequence(TwoMails), "a@example.com");

            await Move("""{"advance":"P3D"}""");

            (await Messages()).Length.ShouldBe(2);
            (await Breakers()).ShouldBe(before);
        }
        finally
        {
            await Database.Execute("UPDATE channel_breaker SET open_until = NULL, failures = 0, trips = 0");
        }

        Task<string> Breakers() => Database.Read<string>("SELECT string_agg(b::text, ' ' ORDER BY channel) FROM public.channel_breaker b");
    }

    [Fact]
    public async Task A_clock_move_stops_at_its_step_limit_and_the_next_call_continues()
    {
        var begin = await Now();
        var sequence = await Box.Sequence("""{"name":"n","steps":[{"type":"WAIT","delayDays":2},{"type":"EMAIL"}]}""");
        for (var i = 0; i < 25; i++)
        {
            await Enroll(sequence, $"r{i}@example.com");
        }

        var first = await Move("""{"advance":"P14D"}""");
        var second = await Move($$"""{"to":"{{first["target"]}}"}""");

        (first["done"]!.GetValue<bool>(), first["steps"]!.GetValue<int>()).ShouldBe((false, 40));
        (Instant(first["now"]), Instant(first["nextDueAt"])).ShouldBe((begin.AddDays(2), begin.AddDays(2)));
        (second["done"]!.GetValue<bool>(), second["steps"]!.GetValue<int>()).ShouldBe((true, 10));
        Instant(second["now"]).ShouldBe(begin.AddDays(14));
        var messages = await Messages();
        messages.Select(m => m["to"]!.ToString()).Distinct().Count().ShouldBe(25);
        messages.ShouldAllBe(m => Instant(m["at"]) == begin.AddDays(2));
    }

    [Fact]
    public async Task Of_two_concurrent_clock_moves_the_second_is_rejected()
    {
        await using var holder = await Database.DataSource.OpenConnectionAsync();
        await using var turn = await holder.BeginTransactionAsync();
        await using (var take = holder.CreateCommand())
        {
            take.CommandText = $"SELECT pg_advisory_xact_lock(hashtextextended('{_schema}', 0))";
            await take.ExecuteNonQueryAsync();
        }

        (await Box.Post("/api/sandbox/clock", """{"advance":"P1D"}""")).ShouldBe(409).Code.ShouldBe("sandboxBusy");
        (await Box.Delete("/api/sandbox")).ShouldBe(409).Code.ShouldBe("sandboxBusy");
        (await Box.Get("/api/sandbox/clock")).ShouldBe(200);

        await turn.RollbackAsync();
        (await Box.Post("/api/sandbox/clock", """{"advance":"P1D"}""")).ShouldBe(200);
    }

    [Fact]
    public async Task Concurrent_clock_moves_execute_each_step_once()
    {
        var sequence = await Box.Sequence(TwoMails);
        for (var i = 0; i < 6; i++)
        {
            await Enroll(sequence, $"r{i}@example.com");
        }

        var target = (await Now()).AddDays(3);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Box.Post("/api/sandbox/clock", $$"""{"to":"{{target:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}}"}"""))
        );

        answers.ShouldAllBe(answer => (int)answer.Status == 200 || answer.Code == "sandboxBusy");
        answers.Where(a => (int)a.Status == 200).Sum(a => a.Json["steps"]!.GetValue<int>()).ShouldBe(18);
        (await Messages()).Length.ShouldBe(12);
    }

    [Fact]
    public async Task A_failed_clock_move_keeps_executed_steps_and_repeats_none()
    {
        var begin = await Now();
        var sequence = await Box.Sequence(TwoMails);
        var instance = await Enroll(sequence, "a@example.com");
        await Database.Execute(
            $"""
            CREATE FUNCTION {_schema}.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the power is out'; END $$;
            CREATE TRIGGER fail BEFORE INSERT ON {_schema}.follow_up_event FOR EACH ROW WHEN (NEW.step_index = 2) EXECUTE FUNCTION {_schema}.fail()
            """
        );
        try
        {
            // The mail is sent, but the step cannot be written back: the state after a crash at this point.
            (await Box.Post("/api/sandbox/clock", """{"advance":"P14D"}""")).ShouldBe(500);
        }
        finally
        {
            await Database.Execute($"DROP TRIGGER fail ON {_schema}.follow_up_event; DROP FUNCTION {_schema}.fail()");
        }

        (await Now()).ShouldBe(begin.AddDays(3));
        (await Timeline(instance)).Count(e => e!["type"]!.ToString() == "EMAIL").ShouldBe(1);
        (await Database.Read<string>($"SELECT state FROM {_schema}.step_job")).ShouldBe("leased");

        var moved = await Move($$"""{"to":"{{begin.AddDays(14):yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}}"}""");

        moved["done"]!.GetValue<bool>().ShouldBeTrue();
        (await Messages()).Select(m => Instant(m["at"])).ShouldBe([begin, begin.AddDays(3)]);
        (await Timeline(instance)).Count(e => e!["type"]!.ToString() == "EMAIL").ShouldBe(2);
        (await Box.Get($"/api/instances/{instance}/verify")).Json["intact"]!.GetValue<bool>().ShouldBeTrue();
        (await Database.Read<long>($"SELECT count(*) FROM {_schema}.attempt WHERE status <> 'ACCEPTED'")).ShouldBe(0);
    }

    [Fact]
    public async Task An_emptied_sandbox_equals_a_new_one()
    {
        var fresh = await SandboxOf(await As($"fresh {Guid.NewGuid():N}"));
        var newSchema = await SchemaOf(fresh);
        await Enroll(await Box.Sequence(TwoMails), "a@example.com");
        (await Box.Put("/api/limits", """{"timeZone":"UTC","mailsPerDay":5}""")).ShouldBe(200);
        (await Box.Post("/api/calendars", """{"name":"c","dates":["2030-05-01"]}""", ("Idempotency-Key", "k"))).ShouldBe(201);
        await Move("""{"advance":"P1Y"}""");
        (await Rows(_schema)).ShouldNotBe(await Rows(newSchema));
        var live = await Alice.Sequence(MinimalSequence);

        (await Box.Delete("/api/sandbox")).ShouldBe(204);

        (await Rows(_schema)).ShouldBe(await Rows(newSchema));
        (await Now()).ShouldBeInRange(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        (await Alice.Get(live)).ShouldBe(200);
        await Enroll(await Box.Sequence(TwoMails), "a@example.com");
        (await Move("""{"advance":"P3D"}"""))["steps"]!.GetValue<int>().ShouldBe(3);
        // The guard of the log is enabled again.
        await Should.ThrowAsync<Npgsql.PostgresException>(() => Database.Execute($"TRUNCATE {_schema}.follow_up_event"));
    }

    [Fact]
    public async Task A_sandbox_whose_schema_was_dropped_is_created_again()
    {
        await Box.Sequence(MinimalSequence);
        await Database.Execute($"DROP SCHEMA {_schema} CASCADE");

        (await Box.Get("/api/sequences")).ShouldBe(200).Json["items"]!.AsArray().ShouldBeEmpty();
    }

    private async Task<Client> SandboxOf(Client user) =>
        WithKey((await user.Post("/api/keys", """{"name":"tests","kind":"sandbox"}""")).ShouldBe(201).Json["key"]!.ToString());

    private static async Task<string> SchemaOf(Client user) =>
        $"sandbox_{Guid.Parse((await user.Get("/api/me")).ShouldBe(200).Json["id"]!.ToString()):N}";

    /// <summary>The pump claims due steps, oldest first: when this mail is sent, the pump has processed everything that was due before.</summary>
    private async Task AWorkerHasLooked()
    {
        var instance = await Alice.Enroll(await Alice.Sequence("""{"name":"n","steps":[{"type":"EMAIL"}]}"""), "live@example.com");
        await Eventually.Holds(
            async () => (await Alice.Get($"/api/instances/{instance}")).Json["status"]!.ToString() == "COMPLETED",
            "the live mail is out"
        );
    }

    private async Task<string> Enroll(string sequence, string email, string? timeZone = null) => (
            await Box.Post(
                $"{sequence}/instances",
                JsonSerializer.Serialize(
                    new
                    {
                        recipient = new
                        {
                            email,
                            name = "Anna",
                            phone = "+4915112345678",
                            timeZone,
                        },
                    }
                )
            )
        ).ShouldBe(201).Id;

    private async Task<JsonNode> Move(string body, Client? box = null) =>
        (await (box ?? Box).Post("/api/sandbox/clock", body)).ShouldBe(200).Json;

    private async Task<JsonNode[]> Messages() =>
        [.. (await Box.Get("/api/sandbox/messages?limit=200")).ShouldBe(200).Json["items"]!.AsArray().Select(m => m!)];

    private async Task<JsonArray> Timeline(string instance) =>
        (await Box.Get($"/api/instances/{instance}/events")).ShouldBe(200).Json["items"]!.AsArray();

    private async Task<DateTimeOffset> Now(Client? box = null) =>
        Instant((await (box ?? Box).Get("/api/sandbox/clock")).ShouldBe(200).Json["now"]);

    /// <summary>Number of rows of each table in a schema.</summary>
    private async Task<string> Rows(string schema)
    {
        var tables = await Database.ReadAll<string>(
            // The key of the unsubscribe links belongs to no user; the first mail creates it.
            "SELECT tablename::text FROM pg_tables WHERE schemaname = $1 AND tablename <> 'secret' ORDER BY 1",
            schema
        );
        tables.Count.ShouldBeGreaterThan(15);
        return await Database.Read<string>(
            $"SELECT concat_ws(', ', {string.Join(", ", tables.Select(t => $"'{t} ' || (SELECT count(*) FROM {schema}.\"{t}\")"))})"
        );
    }

    private static DateTimeOffset Instant(JsonNode? node) => node!.GetValue<DateTimeOffset>();
}
