using FollowUp.Application.Operations;
using FollowUp.Application.Quotas;
using FollowUp.Application.Scheduling;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Operations;

/// <summary>A changed schedule, calendar or limit reaches waiting steps in batches, and the next claim at once.</summary>
public sealed class RescheduleTests(TestDatabase database) : EngineTest(database)
{
    private const int Many = 3_000;

    [Fact]
    public async Task A_changed_schedule_reschedules_every_waiting_step_once_despite_a_crash()
    {
        var node = await Idle();
        var sequence = await Waiting(node, Window("09:00", "10:00"));
        await node.Do(Change(sequence, Window("13:00", "14:00")));
        var id = (await node.LastOperation()).Id;
        (await node.Operation(id)).State.ShouldBe("queued");

        (await node.RunBatch(id)).ShouldBe(OperationProgress.More);
        (await Hours()).ShouldBe([(9, Many - 1_000), (13, 1_000)]);
        var other = await Idle();
        await other.RunOperations();

        (await Hours()).ShouldBe([(13, Many)]);
        var operation = await node.Operation(id);
        (operation.Kind, operation.State, operation.Total, operation.Done).ShouldBe(("reschedule", "completed", Many, Many));
    }

    [Fact]
    public async Task After_the_commit_nothing_is_sent_in_the_old_window()
    {
        var office = await Idle();
        var sequence = await Waiting(office, null);
        // The whole day but this hour and the next: steps that are due now are outside of it.
        var now = DateTime.UtcNow;
        await office.Do(Change(sequence, Window($"{now.AddHours(2):HH}:00", $"{now.AddHours(3):HH}:00")));
        await Database.Execute("UPDATE step_job SET due_at = now()");

        var worker = await Worker();
        await worker.Completes((await office.LastOperation()).Id);
        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM step_job WHERE due_at <= now()") == 0,
            "every step was put off"
        );

        SendGrid.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task A_later_schedule_change_replaces_a_running_one()
    {
        var node = await Idle();
        var sequence = await Waiting(node, Window("09:00", "10:00"));
        await node.Do(Change(sequence, Window("13:00", "14:00")));
        var first = (await node.LastOperation()).Id;
        await node.RunBatch(first);

        await node.Do(Change(sequence, Window("15:00", "16:00")));
        await node.RunOperations();

        (await node.Operation(first)).State.ShouldBe("cancelled");
        (await Hours()).ShouldBe([(15, Many)]);
    }

    [Fact]
    public async Task A_changed_calendar_reschedules_all_sequences_that_use_it()
    {
        var node = await Idle();
        var tomorrow = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(1);
        var calendar = (await node.Do(new CreateCalendar("holidays", [new CalendarDay(tomorrow.AddDays(300), null)]))).Id;
        var schedule = Window("00:00", "23:59") with { Holidays = calendar.ToString() };
        List<SequenceId> sequences = [];
        for (var i = 0; i < 3; i++)
        {
            sequences.Add(await Waiting(node, schedule, 60, tomorrow));
        }

        await node.Do(new UpdateCalendar("holidays", default, new List<CalendarDay> { new(tomorrow, null) }));
        (await node.LastOperation()).State.ShouldBe("queued");
        await node.RunOperations();

        (await Database.ReadAll<bool>("SELECT (due_at AT TIME ZONE 'UTC')::date = $1 FROM step_job", tomorrow.AddDays(1))).ShouldAllBe(
            isMoved => isMoved
        );
        var operation = await node.LastOperation();
        (operation.TargetId, operation.Total, operation.Done).ShouldBe((calendar, 180, 180));
    }

    [Fact]
    public async Task Changed_limits_make_all_waiting_mails_due_in_their_order()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Email());
        await node.EnrollMany(sequence, Many);
        await Database.Execute(
            """
            UPDATE step_job SET wanted_at = due_at, due_at = now() + interval '1 day',
              waiting_for = jsonb_build_array(jsonb_build_object('reason', 'cap', 'to', now() + interval '1 day'))
            """
        );
        await node.Enroll(await node.Sequence(Steps.WaitDays(3)));

        await node.Do(new SetLimits(null, 10_000, null, null, null));
        var id = (await node.LastOperation()).Id;
        (await node.Operation(id)).State.ShouldBe("queued");
        await node.RunOperations();

        (
            await Database.Read<long>(
                "SELECT count(*) FROM step_job WHERE due_at <= now() AND wanted_at IS NOT NULL AND waiting_for = '[]'"
            )
        ).ShouldBe(Many);
        (await Database.Read<long>("SELECT count(*) FROM step_job WHERE due_at > now()")).ShouldBe(1);
        (await node.Operation(id)).Done.ShouldBe(Many + 1);
    }

    [Fact]
    public async Task Changes_of_two_owners_alternate_regardless_of_their_size()
    {
        var node = await Idle();
        var (mine, theirs) = (await Waiting(node, Window("09:00", "10:00")), await Waiting(node, Window("09:00", "10:00"), 150));
        await node.Do(Change(mine, Window("13:00", "14:00")));
        await node.Do(Change(theirs, Window("13:00", "14:00")));
        await GiveToAnotherUser(theirs);
        await Database.Execute("UPDATE operation o SET owner_id = s.owner_id FROM sequence s WHERE s.id = o.target_id");

        var turns =
            Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Infrastructure.Operations.OperationScheduler>(
                node.Services
            );
        for (var batch = 0; batch < 2; batch++)
        {
            var next = (await turns.Next(evenEarly: false, CancellationToken.None)).ShouldNotBeNull();
            turns.Serve(next.Owner);
            await node.Do(new RunOperationBatch(new(next.Id)));
        }

        (await Database.ReadAll<int>("SELECT done FROM operation ORDER BY done")).ShouldBe([150, 1_000]);
    }

    [Fact]
    public async Task A_cancelled_change_stops_between_two_batches()
    {
        var node = await Idle();
        var sequence = await Waiting(node, Window("09:00", "10:00"));
        await node.Do(Change(sequence, Window("13:00", "14:00")));
        var id = (await node.LastOperation()).Id;
        await node.RunBatch(id);

        (await node.Do(new CancelOperation(new(id)))).State.ShouldBe("cancelled");
        (await node.RunOperations()).ShouldBe(0);

        (await Hours()).ShouldBe([(9, Many - 1_000), (13, 1_000)]);
        Error.Of(await node.Send(new CancelOperation(new(id))))!.ErrorCode.ShouldBe("invalidTransition");
    }

    [Fact]
    public async Task A_failing_batch_backs_off_and_is_finally_given_up()
    {
        var node = await Idle();
        var sequence = await Waiting(node, Window("09:00", "10:00"), 150);
        await node.Do(Change(sequence, Window("13:00", "14:00")));
        var id = (await node.LastOperation()).Id;

        for (var failure = 0; failure < Domain.Operations.Operation.MostFailures; failure++)
        {
            await node.Do(new NoteOperationFailure(new(id), "the disk is full"));
        }

        var operation = await node.Operation(id);
        (operation.State, operation.LastError).ShouldBe(("failed", "the disk is full"));
        (await node.RunOperations()).ShouldBe(0);
    }

    private static ScheduleInput Window(string from, string to) =>
        new()
        {
            TimeZone = "Etc/UTC",
            From = from,
            To = to,
        };

    private static UpdateSequence Change(SequenceId sequence, ScheduleInput schedule) =>
        new(sequence, default, default, default, default, null, schedule);

    /// <summary>A sequence whose instances wait for their first mail, which was wanted at midnight of a day that is yet to come.</summary>
    private async Task<SequenceId> Waiting(TestNode node, ScheduleInput? schedule, int count = Many, DateOnly? wanted = null)
    {
        var sequence = new SequenceId((await node.Do(new CreateSequence("Follow-up", null, true, [Steps.Email()], schedule))).Id);
        await node.EnrollMany(sequence, count);
        var day = wanted ?? DateOnly.FromDateTime(DateTime.UtcNow).AddDays(7);
        await Database.Execute(
            $"UPDATE step_job SET wanted_at = $1, due_at = $1 + interval '9 hours', waiting_for = '[]' WHERE sequence_id = $2",
            day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
            sequence.Value
        );
        return sequence;
    }

    private async Task<(int Hour, int Count)[]> Hours() =>
        [
            .. (await Database.ReadAll<int>("SELECT extract(hour FROM due_at AT TIME ZONE 'UTC')::int FROM step_job"))
                .CountBy(hour => hour)
                .OrderBy(group => group.Key)
                .Select(group => (group.Key, group.Value)),
        ];
}
