using FollowUp.Application.Quotas;
using FollowUp.Application.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Scheduling;

/// <summary>The owner's limits: exact however many nodes there are, and cheap to wait for.</summary>
public sealed class LimitTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task Three_concurrent_nodes_do_not_exceed_the_daily_cap()
    {
        SendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(5));
        var idle = await Idle();
        await idle.Do(new SetLimits(null, 10, null, null, null));
        var sequence = await idle.Sequence(Steps.Email());
        await idle.EnrollMany(sequence, 150);

        await Task.WhenAll(Worker(), Worker(), Worker());
        await Eventually.Holds(async () => await Waiting("cap") == 140, "all others wait for tomorrow");

        SendGrid.Accepted.Count.ShouldBe(10);
        (await idle.Do(new GetLimits())).Today.Mails.ShouldBe(10);
        (await Database.Read<long>("SELECT count(*) FROM attempt")).ShouldBe(10);
        // Moved many at a time, not claimed one by one: no more than three nodes with eight lanes had in hand, and some that came while it was done.
        (await Database.Read<long>("SELECT sum(attempt) FROM step_job")).ShouldBeLessThan(70);

        await NextDay();
        await Eventually.Holds(async () => await Waiting("cap") == 130 && SendGrid.Accepted.Count == 20, "the next day has as many");
        (await idle.Do(new GetLimits())).Today.Mails.ShouldBe(10);
    }

    [Fact]
    public async Task Mails_beyond_the_cap_keep_their_order_and_are_due_at_the_start_of_the_next_day()
    {
        var node = await Worker(("Dispatcher:Lanes", "1"));
        await node.Do(new SetLimits("Asia/Tokyo", 1, null, null, null));
        var sequence = await node.Sequence(Steps.Email("{{ variables.place }}"));
        for (var i = 0; i < 4; i++)
        {
            await node.Enroll(sequence, variables: new { place = $"{i}" });
        }

        await Eventually.Holds(async () => await Waiting("cap") == 3, "three wait");
        // Midnight in Tokyo is 15:00 in UTC.
        (
            await Database.ReadAll<TimeSpan>(
                "SELECT due_at - date_trunc('day', due_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' FROM step_job"
            )
        ).ShouldAllBe(time => time == TimeSpan.FromHours(15));
        for (var day = 0; day < 3; day++)
        {
            await NextDay();
            await Eventually.Holds(() => Task.FromResult(SendGrid.Accepted.Count == day + 2), "one a day");
            await Eventually.Holds(async () => await Waiting("cap") == 2 - day, "the others wait again");
        }

        SendGrid.Accepted.Select(m => m.Subject).ShouldBe(["0", "1", "2", "3"]);
    }

    [Fact]
    public async Task A_later_mail_is_queued_after_mails_that_were_rescheduled_together()
    {
        var idle = await Idle();
        await idle.Do(new SetLimits(null, 2, null, null, null));
        var sequence = await idle.Sequence(Steps.Email("{{ variables.place }}"));
        // Their order is that in which they were wanted, not that in which their jobs were made.
        await Enroll(idle, sequence, 3, 2, 1, 0);
        await Database.Execute(
            "UPDATE step_job j SET due_at = due_at - interval '1 hour' / (1 + (i.variables->>'place')::int) FROM instance i WHERE i.id = j.instance_id"
        );
        var node = await Worker(("Dispatcher:Lanes", "1"));
        await Eventually.Holds(async () => await Waiting("cap") == 2, "one was refused, and another moved with it");

        // Each of these is refused by itself.
        await Enroll(node, sequence, 4);
        await Eventually.Holds(async () => await Waiting("cap") == 3, "the third waits");
        await Enroll(node, sequence, 5);
        await Eventually.Holds(async () => await Waiting("cap") == 4, "the fourth waits");
        for (var day = 1; day < 3; day++)
        {
            await NextDay();
            await Eventually.Holds(
                async () => SendGrid.Accepted.Count == 2 + (2 * day) && await Waiting("cap") == 4 - (2 * day),
                "two a day, and the others wait again"
            );
        }

        SendGrid.Accepted.Select(m => m.Subject).ShouldBe(["0", "1", "2", "3", "4", "5"]);
    }

    [Fact]
    public async Task Follow_ups_due_at_the_start_of_the_day_precede_first_mails_that_waited_longer()
    {
        var idle = await Idle();
        await idle.Do(new SetLimits(null, 1, null, null, null));
        var sequence = await idle.Sequence(Steps.Email("{{ variables.place }}"));
        await Enroll(idle, sequence, 0);
        var node = await Worker();
        await Eventually.Holds(() => Task.FromResult(SendGrid.Accepted.Count == 1), "the day is used up");
        await Enroll(node, sequence, 1, 2, 3, 4);
        await Eventually.Holds(async () => await Waiting("cap") == 4, "four wait");
        await Database.Execute(
            "UPDATE step_job SET is_first = false WHERE id IN (SELECT id FROM step_job ORDER BY wanted_at DESC LIMIT 2)"
        );

        await node.Do(new SetLimits(null, 3, null, null, null));
        await Eventually.Holds(() => Task.FromResult(SendGrid.Accepted.Count == 3), "two more go");

        SendGrid.Accepted.Select(m => m.Subject).ShouldBe(["0", "3", "4"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_later_mail_is_queued_after_mails_that_wait_for_the_gap()
    {
        var node = await Worker(("Dispatcher:Lanes", "1"));
        await node.Do(new SetLimits(null, null, "PT1H", null, null));
        var sequence = await node.Sequence(Steps.Email());
        for (var waiting = 0; waiting < 4; waiting++)
        {
            await Enroll(node, sequence, waiting);
            await Eventually.Holds(
                async () => SendGrid.Accepted.Count == 1 && await Waiting("gap") == waiting,
                "the first has gone, the others wait"
            );
        }

        (await Database.ReadAll<bool>("SELECT wanted_at = max(wanted_at) OVER (ORDER BY due_at) FROM step_job")).ShouldAllBe(inOrder =>
            inOrder
        );
        (await Database.Read<TimeSpan>("SELECT max(due_at) - min(due_at) FROM step_job")).ShouldBe(TimeSpan.FromHours(2));
    }

    [Fact]
    public async Task Under_a_cap_follow_ups_precede_first_mails()
    {
        var idle = await Idle();
        var first = await idle.Sequence(Steps.Email("first"));
        var followUp = await idle.Sequence(Steps.Email("follow-up"));
        await idle.EnrollMany(first, 8);
        await idle.EnrollMany(followUp, 3);
        // The first mails have been due for longer.
        await Database.Execute(
            "UPDATE step_job SET is_first = sequence_id = $1, due_at = now() - CASE WHEN sequence_id = $1 THEN interval '1 hour' ELSE interval '0' END",
            first.Value
        );
        await idle.Do(new SetLimits(null, 5, null, null, null));

        await Worker();
        await Eventually.Holds(async () => await Waiting("cap") == 6 && SendGrid.Accepted.Count == 5, "the cap is used up");

        SendGrid.Accepted.Count(m => m.Subject == "follow-up").ShouldBe(3);
        SendGrid.Accepted.Count(m => m.Subject == "first").ShouldBe(2);
    }

    [Fact]
    public async Task Mails_keep_the_gap_and_follow_ups_are_sent_first()
    {
        var idle = await Idle();
        var sequence = await idle.Sequence(Steps.Email());
        await idle.EnrollMany(sequence, 5);
        await Database.Execute("UPDATE step_job SET is_first = false WHERE id IN (SELECT id FROM step_job ORDER BY id DESC LIMIT 2)");
        await idle.Do(new SetLimits(null, null, "PT1H", null, null));

        await Worker(("Dispatcher:Lanes", "1"));
        await Eventually.Holds(async () => await Waiting("gap") == 4, "four wait");

        SendGrid.Accepted.Count.ShouldBe(1);
        var hours = await Database.ReadAll<double>(
            """
            SELECT round(extract(epoch FROM j.due_at - c.last_at) / 3600, 2)::float8 FROM step_job j CROSS JOIN send_count c
            ORDER BY j.due_at
            """
        );
        hours.ShouldBe([1, 2, 3, 4]);
        (await Database.ReadAll<bool>("SELECT is_first FROM step_job ORDER BY due_at")).ShouldBe([false, true, true, true]);
    }

    [Fact]
    public async Task A_ramp_grows_daily_up_to_mailsPerDay()
    {
        var idle = await Idle();
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        await idle.Do(new SetLimits("Etc/UTC", 9, null, new RampInput(2, 3, today.AddDays(-1)), null));
        await idle.EnrollMany(await idle.Sequence(Steps.Email()), 12);

        await Worker();
        await Eventually.Holds(async () => await Waiting("cap") == 7, "five are sent on the second day");

        (await idle.Do(new GetLimits())).Today.ShouldBe(new LimitsDay(today, 5, 5));
        SendGrid.Accepted.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_recipients_cap_holds_over_all_sequences()
    {
        var idle = await Idle();
        await idle.Do(new SetLimits(null, null, null, null, 1));
        foreach (var email in new[] { "anna@example.com", "Anna@Example.com", "ben@example.com" })
        {
            await idle.Enroll(await idle.Sequence(Steps.Email()), email);
        }

        await Task.WhenAll(Worker(), Worker());
        await Eventually.Holds(async () => await Waiting("recipientCap") == 1, "the second mail to Anna waits");
        await Eventually.Holds(() => Task.FromResult(SendGrid.Accepted.Count == 2), "Anna and Ben have one each");

        SendGrid.Accepted.Select(m => m.To.ToLowerInvariant()).Order().ShouldBe(["anna@example.com", "ben@example.com"]);
    }

    [Fact]
    public async Task A_mail_that_was_not_sent_uses_no_quota()
    {
        SendGrid.Default = new HttpAnswer.Status(503);
        var node = await Worker(("Retry:BaseDelay", "50ms"));
        await node.Do(new SetLimits(null, 1, null, null, 1));
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));
        await Called(2);

        SendGrid.Default = new HttpAnswer.Accept();

        await node.Becomes(instance.Id, "COMPLETED");
        (await node.Do(new GetLimits())).Today.Mails.ShouldBe(1);
    }

    [Fact]
    public async Task Mails_of_an_owner_without_limits_are_not_counted()
    {
        var node = await Worker();
        var instance = await node.Enroll(await node.Sequence(Steps.Email(), Steps.Email()));

        await node.Becomes(instance.Id, "COMPLETED");

        (await Database.Read<long>("SELECT count(*) FROM send_count")).ShouldBe(0);
    }

    [Fact]
    public async Task Raising_a_limit_releases_waiting_mails_at_once()
    {
        var node = await Worker();
        await node.Do(new SetLimits(null, 1, null, null, null));
        await node.EnrollMany(await node.Sequence(Steps.Email()), 4);
        await Eventually.Holds(async () => await Waiting("cap") == 3, "three wait");

        await node.Do(new SetLimits(null, 3, null, null, null));
        await Eventually.Holds(async () => await Waiting("cap") == 1 && SendGrid.Accepted.Count == 3, "two more go");
        await node.Do(new SetLimits(null, null, null, null, null));

        await Eventually.Holds(() => Task.FromResult(SendGrid.Accepted.Count == 4), "without limits all go");
    }

    [Fact]
    public async Task A_mail_rescheduled_by_a_cap_stays_inside_its_window()
    {
        var node = await Worker();
        await node.Do(new SetLimits("Etc/UTC", 1, null, null, null));
        var window = new ScheduleInput { TimeZone = "Etc/UTC" };
        var sequence = new SequenceId(
            (await node.Do(new Application.Sequences.CreateSequence("Follow-up", null, true, [Steps.Email()], window))).Id
        );
        await node.EnrollMany(sequence, 3);
        await Eventually.Holds(async () => await Waiting("cap") == 2, "two wait");

        await node.Do(
            new Application.Sequences.UpdateSequence(
                sequence,
                default,
                default,
                default,
                default,
                null,
                window with
                {
                    From = "07:00",
                    To = "08:00",
                }
            )
        );

        (await Database.ReadAll<int>("SELECT extract(hour FROM due_at AT TIME ZONE 'UTC')::int FROM step_job")).ShouldBe([7, 7]);
        SendGrid.Accepted.Count.ShouldBe(1);
    }

    private Task<long> Waiting(string reason) =>
        Database.Read<long>(
            "SELECT count(*) FROM step_job WHERE state = 'ready' AND due_at > now() AND waiting_for->0->>'reason' = $1",
            reason
        );

    /// <summary>Simulates midnight: the counts belong to yesterday, and mails that wait for today are due.</summary>
    private Task<int> NextDay() =>
        Database.Execute(
            """
            WITH counted AS (UPDATE send_count SET day = day - 1, last_at = last_at - interval '1 day')
            UPDATE step_job SET due_at = due_at - (SELECT min(due_at) - now() FROM step_job WHERE state = 'ready'), waiting_for = '[]'
            WHERE state = 'ready'
            """
        );

    private static async Task Enroll(TestNode node, SequenceId sequence, params int[] places)
    {
        foreach (var place in places)
        {
            await node.Enroll(sequence, variables: new { place = $"{place}" });
        }
    }
}
