using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Api;

/// <summary>The figures of a console: what needs attention, what is sent, and what is scheduled.</summary>
public sealed class OverviewTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private const string OneMail = """{"name":"n","steps":[{"type":"EMAIL","subject":"s","body":"b"}]}""";
    private const string Wait = """{"name":"n","steps":[{"type":"WAIT","delay":"PT36H"},{"type":"EMAIL"}]}""";

    public Task InitializeAsync() => database.Empty();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_overview_counts_what_was_sent_and_what_waits_for_its_user()
    {
        await using var sendGrid = await FakeSendGrid.Start();
        await using var program = await Worker(sendGrid);
        var (alice, bob) = (await program.As("alice"), await program.As("bob"));
        var sequence = await alice.Sequence(OneMail);
        var doubtful = await alice.Enroll(await alice.Sequence(Wait), "doubt@example.com");
        var deleted = await alice.Sequence(Wait);
        await alice.Enroll(deleted);
        await database.Execute(
            "UPDATE instance SET attention = CASE WHEN id = $1 THEN 'inDoubt' ELSE 'late' END, status = 'PAUSED'",
            Guid.Parse(doubtful)
        );
        await alice.Enroll(sequence, "first@example.com");
        await alice.Enroll(sequence, "second@example.com");
        (await alice.Delete(deleted)).ShouldBe(204);

        await Eventually.Holds(async () => (await Sent(alice)).Minute == 2, "both mails are counted");
        await database.Execute(
            "UPDATE step_stat_delta SET slice = slice - interval '30 minutes'; UPDATE sent_slice SET slice = slice - interval '30 minutes'"
        );
        await Eventually.Holds(async () => await Sent(alice) == (0, 2, 2), "they were sent half an hour ago");

        var overview = (await alice.Get("/api/overview")).ShouldBe(200).Json;
        overview["attention"]!.ToJsonString().ShouldBe("""{"failed":0,"inDoubt":1,"late":0}""");
        overview["breakers"]!.AsArray().Select(channel => channel!["state"]!.ToString()).ShouldBe(["closed", "closed"]);
        await Eventually.Holds(
            async () => (await alice.Get("/api/overview")).Json["lag"]!["p50Ms"]?.GetValue<double>() < 60_000,
            "the node reports how late it claimed the steps",
            TimeSpan.FromSeconds(20)
        );
        (await Sent(bob)).ShouldBe((0, 0, 0));
        (await bob.Get("/api/overview")).Json["attention"]!["inDoubt"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task An_overview_names_the_oldest_due_step_and_the_next_one()
    {
        await using var program = await OwnProgram.Start(database);
        var alice = await program.As("alice");
        (await alice.Get("/api/overview")).Json["oldestDueSeconds"].ShouldBeNull();
        await alice.Enroll(await alice.Sequence(OneMail));
        await database.Execute("UPDATE step_job SET due_at = now() - interval '90 seconds'");
        await alice.Enroll(await alice.Sequence(Wait));

        var bob = await program.As("bob");
        await Eventually.Holds(
            async () => (await alice.Get("/api/overview")).Json["oldestDueSeconds"] is not null,
            "it is at most 2 s old"
        );

        var overview = (await alice.Get("/api/overview")).ShouldBe(200).Json;
        overview["oldestDueSeconds"]!.GetValue<double>().ShouldBeInRange(90, 150);
        (overview["nextDueAt"]!.GetValue<DateTimeOffset>() - DateTimeOffset.UtcNow).TotalHours.ShouldBeInRange(35.9, 36);
        (await bob.Get("/api/overview")).Json["nextDueAt"].ShouldBeNull();
    }

    [Fact]
    public async Task Steps_of_deleted_sequences_are_neither_due_nor_scheduled()
    {
        await using var program = await OwnProgram.Start(database);
        var alice = await program.As("alice");
        var (deleted, later) = (await alice.Sequence(OneMail), await alice.Sequence(Wait));
        await alice.Enroll(deleted);
        await alice.Enroll(deleted, "ben@example.com");
        await database.Execute("UPDATE step_job SET due_at = now() - interval '90 seconds'");
        await alice.Enroll(later);
        // As after DELETE, before the operation removes the rows.
        await database.Execute("UPDATE sequence SET deleted_at = now() WHERE id IN ($1, $2)", Id(deleted), Id(later));
        await alice.Enroll(await alice.Sequence("""{"name":"n","steps":[{"type":"WAIT","delay":"PT50H"},{"type":"EMAIL"}]}"""));

        var overview = (await alice.Get("/api/overview")).ShouldBe(200).Json;
        var forecast = (await alice.Get("/api/forecast")).ShouldBe(200).Json;

        overview["oldestDueSeconds"].ShouldBeNull();
        (overview["nextDueAt"]!.GetValue<DateTimeOffset>() - DateTimeOffset.UtcNow).TotalHours.ShouldBeInRange(49.9, 50);
        forecast["hours"]!.AsArray().Select(Counts).ShouldBe([(0, 0, 1)]);
    }

    [Fact]
    public async Task A_forecast_counts_each_instance_by_the_hour_and_type_of_its_next_step()
    {
        await using var program = await OwnProgram.Start(database);
        var (alice, bob) = (await program.As("alice"), await program.As("bob"));
        await alice.Enroll(await alice.Sequence(OneMail));
        await database.Execute("UPDATE step_job SET due_at = now() - interval '5 hours'");
        await alice.Enroll(await alice.Sequence(Wait));
        var paused = await alice.Enroll(await alice.Sequence(Wait), "paused@example.com");
        (await alice.Post($"/api/instances/{paused}/pause")).ShouldBe(200);
        await bob.Enroll(await bob.Sequence(OneMail));

        var week = (await alice.Get("/api/forecast")).ShouldBe(200).Json;
        // One read serves every length for a minute.
        await alice.Enroll(await alice.Sequence(OneMail), "later@example.com");
        var day = (await alice.Get("/api/forecast?hours=24")).ShouldBe(200).Json;

        var (from, to) = (week["from"]!.GetValue<DateTimeOffset>(), week["to"]!.GetValue<DateTimeOffset>());
        (from.Minute, from.Second, (to - from).TotalHours).ShouldBe((0, 0, 168));
        week["completeUntil"].ShouldBeNull();
        week["hours"]!.AsArray().Select(Counts).ShouldBe([(1, 0, 0), (0, 0, 1)]);
        week["hours"]![0]!["hour"]!.GetValue<DateTimeOffset>().ShouldBe(from);
        (week["hours"]![1]!["hour"]!.GetValue<DateTimeOffset>() - from).TotalHours.ShouldBeInRange(35, 37);
        day["hours"]!.AsArray().Select(Counts).ShouldBe([(1, 0, 0)]);
        foreach (var wrong in (string[])["0", "745", "many"])
        {
            (await alice.Get($"/api/forecast?hours={wrong}")).ShouldBe(400).Fields.ShouldBe(["hours"]);
        }
    }

    [Fact]
    public async Task A_forecast_says_up_to_when_it_is_complete()
    {
        await using var program = await OwnProgram.Start(database);
        var alice = await program.As("alice");
        await alice.Enroll(await alice.Sequence(OneMail));
        await database.Execute(
            """
            INSERT INTO step_job (id, instance_id, owner_id, sequence_id, step_index, step_type, state, due_at, attempt, is_first, enqueued_at)
            SELECT gen_random_uuid(), gen_random_uuid(), owner_id, sequence_id, 0, 'EMAIL', 'ready', now() + n * interval '1 second', 0, true, now()
            FROM step_job, generate_series(1, 100100) n
            """
        );

        var forecast = (await alice.Get("/api/forecast")).ShouldBe(200).Json;

        forecast["hours"]!.AsArray().Sum(hour => hour!["email"]!.GetValue<int>()).ShouldBe(100_000);
        (forecast["completeUntil"]!.GetValue<DateTimeOffset>() - DateTimeOffset.UtcNow).TotalSeconds.ShouldBeInRange(99_000, 100_100);
    }

    private static Guid Id(string sequence) => Guid.Parse(sequence.Split('/')[^1]);

    private static (int Email, int Sms, int Wait) Counts(System.Text.Json.Nodes.JsonNode? hour) =>
        (hour!["email"]!.GetValue<int>(), hour["sms"]!.GetValue<int>(), hour["wait"]!.GetValue<int>());

    private static async Task<(long Minute, long Hour, long Day)> Sent(Client user)
    {
        var sent = (await user.Get("/api/overview")).ShouldBe(200).Json["sent"]!;
        return (sent["lastMinute"]!.GetValue<long>(), sent["lastHour"]!.GetValue<long>(), sent["lastDay"]!.GetValue<long>());
    }

    private Task<OwnProgram> Worker(FakeSendGrid sendGrid) =>
        OwnProgram.Start(
            database,
            ("Role", "all"),
            ("Email:Provider", "sendgrid"),
            ("SendGrid:ApiKey", sendGrid.ApiKey),
            ("SendGrid:BaseUrl", sendGrid.Url),
            ("Dispatcher:PollInterval", "50ms")
        );
}
