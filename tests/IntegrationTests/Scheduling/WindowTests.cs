using System.Globalization;
using FollowUp.Application.Bulk;
using FollowUp.Application.Instances;
using FollowUp.Application.Recipients;
using FollowUp.Application.Scheduling;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Scheduling;

/// <summary>The schedule in the engine. Windows are laid around the present instant, so that no test waits for one.</summary>
public sealed class WindowTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task A_step_is_sent_inside_the_window_and_waits_outside_it()
    {
        var node = await Worker();
        var open = await node.Enroll(await Sequence(node, Open(), Steps.Email("in")));
        var closed = await node.Enroll(await Sequence(node, Closed(), Steps.Email("out")));

        await node.Becomes(open.Id, "COMPLETED");

        closed.WaitingFor.Select(w => w.Reason).ShouldBe(["window"]);
        closed.NextDueAt.ShouldBe(closed.WaitingFor[0].Until);
        (closed.NextDueAt!.Value - closed.EnrolledAt).ShouldBeInRange(TimeSpan.FromHours(1.9), TimeSpan.FromHours(2.1));
        SendGrid.Accepted.Select(m => m.Subject).ShouldBe(["in"]);
    }

    [Fact]
    public async Task A_worker_that_is_late_for_the_window_sends_nothing_and_records_the_reason()
    {
        var idle = await Idle();
        var instance = await idle.Enroll(await Sequence(idle, Closed(), Steps.Email()));
        // As if it had been due within the window and no worker had run since.
        await Database.Execute("UPDATE step_job SET due_at = now() - interval '31 minutes', wanted_at = NULL, waiting_for = '[]'");

        await Worker();
        await Eventually.Holds(async () => await Database.Read<bool>("SELECT wanted_at IS NOT NULL FROM step_job"), "it is put off");

        var waiting = await idle.Do(new GetInstance(new(instance.Id)));
        (waiting.Status, waiting.Attempts).ShouldBe(("ACTIVE", 0));
        waiting.WaitingFor.Select(w => w.Reason).ShouldBe(["window"]);
        SendGrid.Requests.ShouldBe(0);
        (await Database.Read<long>("SELECT count(*) FROM attempt")).ShouldBe(0);
        (await Story(idle, instance.Id)).ShouldBe(["enrolled"]);

        await idle.Do(new UpdateSequence(new(instance.SequenceId), default, default, default, default, null, Open()));
        await idle.Becomes(instance.Id, "COMPLETED");
    }

    [Fact]
    public async Task Opening_a_window_releases_steps_at_once_and_closing_it_holds_due_ones()
    {
        var node = await Worker();
        var sequence = await Sequence(node, Closed(), Steps.Wait("PT0S"), Steps.Email());
        var instance = await node.Enroll(sequence);
        await Eventually.Holds(async () => await Database.Read<bool>("SELECT step_type = 'EMAIL' FROM step_job"), "the wait is over");
        var whileClosed = SendGrid.Requests;

        await node.Do(new UpdateSequence(sequence, default, default, default, default, null, new(true, null)));

        await node.Becomes(instance.Id, "COMPLETED");
        whileClosed.ShouldBe(0);

        await node.Do(new UpdateSequence(sequence, default, default, default, default, null, Closed()));
        var late = await node.Enroll(sequence);
        await Eventually.Holds(async () => await Database.Read<bool>("SELECT step_type = 'EMAIL' FROM step_job"), "the wait is over");
        (await node.Do(new GetInstance(new(late.Id)))).WaitingFor.Select(w => w.Reason).ShouldBe(["window"]);
    }

    [Fact]
    public async Task A_step_whose_local_time_has_passed_waits_for_the_next_day()
    {
        var node = await Idle();
        var at = DateTime.UtcNow.AddMinutes(-90);
        var local = at.ToString("HH:mm", CultureInfo.InvariantCulture);
        var sequence = await Sequence(node, Around(-2, 3), Steps.Email() with { At = local });
        var instance = await node.Enroll(sequence);
        // As if it had been wanted before the window opened that it is given now.
        await Database.Execute("UPDATE step_job SET wanted_at = now() - interval '3 hours'");

        await node.Do(new UpdateSequence(sequence, default, default, default, default, null, Around(-2, 1)));

        var placed = await node.Do(new GetInstance(new(instance.Id)));
        (placed.NextDueAt!.Value.UtcDateTime - at).ShouldBeInRange(TimeSpan.FromHours(23.9), TimeSpan.FromHours(24.1));
        placed.WaitingFor.Select(w => w.Reason).ShouldContain("at");
    }

    [Fact]
    public async Task A_holiday_is_closed_until_it_is_removed_from_the_calendar()
    {
        var node = await Worker();
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        CalendarDay[] around = [new(today.AddDays(-1), null), new(today, "Works outing"), new(today.AddDays(1), null)];
        await node.Do(new CreateCalendar("Works holidays", around));
        var sequence = await Sequence(node, new() { TimeZone = "Etc/UTC", Holidays = "Works holidays" }, Steps.Email());
        var instance = await node.Enroll(sequence);

        instance.WaitingFor.Select(w => (w.Reason, w.Name)).ShouldBe([("holiday", "Works outing")]);
        instance.NextDueAt!.Value.TimeOfDay.ShouldBe(TimeSpan.Zero);
        await node.Do(new UpdateCalendar("Works holidays", default, Array.Empty<CalendarDay>()));

        await node.Becomes(instance.Id, "COMPLETED");
    }

    [Fact]
    public async Task Days_outside_the_schedules_weekdays_are_closed()
    {
        var node = await Idle();
        var sequence = await Sequence(node, Berlin(days: ["monday", "tuesday", "wednesday", "thursday", "friday"]), Steps.Email());

        // 6 February 2027 is a Saturday.
        var instance = await Enroll(node, sequence, "2027-02-06T12:00:00Z");

        Placed(instance).ShouldBe("2027-02-07T23:00:00Z weekend");
    }

    [Theory]
    [InlineData("2027-03-28T00:10:00Z", "02:30", "2027-03-28T01:00:00Z at dst")] // The clock skips 02:30.
    [InlineData("2027-10-30T23:10:00Z", "02:30", "2027-10-31T00:30:00Z at")] // 02:30 comes twice: the first.
    [InlineData("2027-10-31T00:31:00Z", "02:30", "2027-11-01T01:30:00Z at")] // The second is not used.
    public async Task A_local_time_at_a_DST_change_occurs_once_as_in_quartznet_2475_and_mautic_11602(
        string startAt,
        string at,
        string placed
    )
    {
        var node = await Idle();
        var sequence = await Sequence(node, Berlin(), Steps.Email() with { At = at });

        var instance = await Enroll(node, sequence, startAt);

        Placed(instance).ShouldBe(placed);
        // Placed once more from where it lies, it stays.
        await node.Do(new UpdateSequence(sequence, default, default, default, default, null, Berlin(from: "00:00")));
        Placed(await node.Do(new GetInstance(new(instance.Id)))).ShouldBe(placed);
    }

    [Fact]
    public async Task A_recipient_without_a_zone_uses_the_fallback_zone()
    {
        var node = await Idle();
        var sequence = await Sequence(
            node,
            new()
            {
                TimeZone = "recipient",
                FallbackTimeZone = "America/New_York",
                From = "09:00",
                To = "17:00",
            },
            Steps.Email()
        );

        var placed = new List<string>();
        foreach (var zone in new[] { "Asia/Tokyo", "Europe/Berlin", null })
        {
            placed.Add(Placed(await Enroll(node, sequence, "2027-02-03T20:00:00Z", zone)));
        }

        placed.ShouldBe(["2027-02-04T00:00:00Z window", "2027-02-04T08:00:00Z window", "2027-02-03T20:00:00Z "]);
    }

    [Fact]
    public async Task Bulk_enrolment_schedules_rows_like_single_enrolments()
    {
        var node = await Idle();
        var sequence = await Sequence(node, Closed(), Steps.Email());
        using var body = new MemoryStream("email,timeZone\na@example.com,Asia/Tokyo\nb@example.com,\n"u8.ToArray());

        await node.Do(new EnrollMany(sequence, body, BulkFormat.Csv));

        (
            await Database.ReadAll<bool>(
                "SELECT is_first AND wanted_at < now() AND due_at > now() AND waiting_for->0->>'reason' = 'window' FROM step_job"
            )
        ).ShouldBe([true, true]);
    }

    [Fact]
    public async Task Retries_and_re_enabled_sequences_respect_the_window()
    {
        SendGrid.Default = new HttpAnswer.Status(503);
        var node = await Worker();
        var sequence = await Sequence(node, Open(), Steps.Email());
        var instance = await node.Enroll(sequence);
        await Called(1);

        await node.Do(new UpdateSequence(sequence, default, default, false, default, null, Closed()));
        await Database.Execute("UPDATE step_job SET due_at = now() WHERE state = 'ready'");
        await Eventually.Holds(async () => await Database.Read<string>("SELECT state FROM step_job") == "parked", "it is parked");
        var requests = SendGrid.Requests;
        SendGrid.Default = new HttpAnswer.Accept();
        await node.Do(new UpdateSequence(sequence, default, default, true, default, null));
        await Eventually.Holds(async () => await Database.Read<bool>("SELECT waiting_for <> '[]' FROM step_job"), "it is put off");

        SendGrid.Requests.ShouldBe(requests);
        (await node.Do(new GetInstance(new(instance.Id)))).WaitingFor.Select(w => w.Reason).ShouldBe(["window"]);
    }

    private static string Placed(InstanceView instance) =>
        $"{instance.NextDueAt!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)} {string.Join(' ', instance.WaitingFor.Select(w => w.Reason))}";

    private static async Task<SequenceId> Sequence(TestNode node, ScheduleInput schedule, params StepInput[] steps) =>
        new((await node.Do(new CreateSequence("Follow-up", null, true, steps, schedule))).Id);

    private static Task<InstanceView> Enroll(TestNode node, SequenceId sequence, string startAt, string? zone = null) =>
        node.Do(
            new EnrollRecipient(
                sequence,
                new EnrolmentInput(
                    new RecipientInput($"{Guid.NewGuid():N}@example.com", null, null, zone),
                    null,
                    null,
                    DateTimeOffset.Parse(startAt, CultureInfo.InvariantCulture)
                )
            )
        );

    private static ScheduleInput Berlin(string? from = null, IReadOnlyList<string?>? days = null) =>
        new()
        {
            TimeZone = "Europe/Berlin",
            From = from,
            Days = days,
        };

    /// <summary>Opened an hour ago, closes in an hour.</summary>
    private static ScheduleInput Open() => Around(-1, 1);

    /// <summary>Opens in two hours.</summary>
    private static ScheduleInput Closed() => Around(2, 3);

    private static ScheduleInput Around(int from, int to)
    {
        var now = DateTime.UtcNow;
        return new()
        {
            TimeZone = "Etc/UTC",
            From = now.AddHours(from).ToString("HH:mm", CultureInfo.InvariantCulture),
            To = now.AddHours(to).ToString("HH:mm", CultureInfo.InvariantCulture),
        };
    }
}
