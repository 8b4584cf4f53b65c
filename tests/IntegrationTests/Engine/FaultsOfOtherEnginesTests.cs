using FollowUp.Application.Instances;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>Bugs of other engines that no other test here covers. <c>docs/reliability.md</c> lists all of them.</summary>
public sealed class FaultsOfOtherEnginesTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task Recovery_ignores_a_step_that_was_just_claimed()
    {
        // wolverine#585: the recovery agent took a message that had just been inserted, and it was sent twice.
        SendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(700));
        var node = await Worker(("Dispatcher:SweepInterval", "100ms"));
        await Worker(("Dispatcher:SweepInterval", "100ms"));
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));

        await node.Becomes(instance.Id, "COMPLETED");

        SendGrid.Requests.ShouldBe(1);
        (await Story(node, instance.Id)).ShouldBe(["enrolled", "EMAIL sent", "completed"]);
    }

    [Fact]
    public async Task One_bad_address_among_many_causes_no_duplicate_to_the_others()
    {
        // mautic#7226: one bad address made a whole batch go out again.
        var idle = await Idle();
        var sequence = await idle.Sequence(Steps.Email());
        for (var i = 0; i < 20; i++)
        {
            await idle.Enroll(sequence);
        }

        SendGrid.Next(
            new HttpAnswer.Accept(),
            new HttpAnswer.Status(400, FakeSendGrid.Error("Does not contain a valid address.", "personalizations.0.to.0.email"))
        );
        await idle.Start();

        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM instance WHERE status = 'COMPLETED'") == 19,
            "the others are completed"
        );
        SendGrid.Requests.ShouldBe(20);
        SendGrid.Accepted.Select(m => m.InstanceId).Distinct().Count().ShouldBe(19);
        (await Database.Read<string>("SELECT string_agg(stop_reason, '') FROM instance WHERE status = 'STOPPED'")).ShouldBe("bounced");
    }

    [Fact]
    public async Task Removing_steps_from_a_running_sequence_sends_no_duplicates()
    {
        // mautic#16262: deleting a step of a live campaign sent 11,500 mails to 100 people.
        var node = await Worker();
        var sequence = await node.Sequence(Steps.Email("first"), Steps.WaitDays(1), Steps.Email("second"));
        List<Guid> people = [];
        for (var i = 0; i < 10; i++)
        {
            people.Add((await node.Enroll(sequence)).Id);
        }

        await Eventually.Holds(async () => await Database.Read<long>("SELECT sum(current_step) FROM instance") == 10, "all wait");
        await node.Do(new UpdateSequence(sequence, default, default, default, new(true, [Steps.Email("second")]), null));
        await Database.Travel(TimeSpan.FromDays(1));
        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM instance WHERE status = 'COMPLETED'") == 10,
            "all are completed"
        );

        SendGrid.Accepted.GroupBy(m => m.InstanceId).Count().ShouldBe(10);
        SendGrid.Accepted.GroupBy(m => m.InstanceId).ShouldAllBe(mails => mails.Count() == 2);
    }

    [Fact]
    public async Task Failed_steps_and_steps_in_doubt_do_not_block_other_steps()
    {
        // oban#1498: exhausted rows that stay claimable block the head of the queue.
        SendGrid.Default = new HttpAnswer.Status(400, FakeSendGrid.Error("no"));
        var node = await Worker(("Dispatcher:Lanes", "1"));
        var bad = await node.Sequence(Steps.Email());
        for (var i = 0; i < 5; i++)
        {
            await node.Enroll(bad);
        }

        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM instance WHERE status = 'FAILED'") == 5,
            "they have failed"
        );
        SendGrid.Next(new HttpAnswer.AcceptThenReset());
        SendGrid.Default = new HttpAnswer.Accept();
        await node.Enroll(bad);
        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM step_job WHERE state = 'in_doubt'") == 1,
            "one is in doubt"
        );
        await Database.Execute("UPDATE step_job SET due_at = now() - interval '1 day'");

        var good = await node.Enroll(bad);

        await node.Becomes(good.Id, "COMPLETED");
        (await node.Services.GetRequiredService<StepOutbox>().Claim(8, CancellationToken.None)).Steps.ShouldBeEmpty();
        (await Database.Read<long>("SELECT count(*) FROM step_job WHERE state = 'ready'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_resume_after_a_long_pause_sends_only_the_next_step()
    {
        // mautic#3340: everything overdue fired on resume. listmonk#2070: a resume started from the beginning.
        var node = await Worker();
        var sequence = await node.Sequence(
            Steps.Email("1"),
            Steps.WaitDays(1),
            Steps.Email("2"),
            Steps.WaitDays(1),
            Steps.Email("3"),
            Steps.WaitDays(1),
            Steps.Email("4")
        );
        var instance = await node.Enroll(sequence);
        await Eventually.Holds(async () => await Database.Read<int>("SELECT current_step FROM instance") == 1, "the first wait runs");
        await node.Do(new ActOnInstance(new(instance.Id), InstanceAction.Pause));
        await Database.Travel(TimeSpan.FromDays(30));

        await node.Do(new ActOnInstance(new(instance.Id), InstanceAction.Resume(ResumeTiming.Keep)));
        await Eventually.Holds(async () => await Database.Read<int>("SELECT current_step FROM instance") == 3, "the second wait runs");

        SendGrid.Accepted.Select(m => m.Subject).ShouldBe(["1", "2"]);
        (await Database.Read<bool>("SELECT due_at > now() + interval '23 hours' FROM step_job")).ShouldBeTrue();
    }

    [Fact]
    public async Task Retries_survive_a_crash_of_their_node()
    {
        // Retries that live in process memory are gone after a crash.
        SendGrid.Default = new HttpAnswer.Status(408);
        var first = await Worker(("Retry:BaseDelay", "1h"));
        var instance = await first.Enroll(await first.Sequence(Steps.Email()));
        await Eventually.Holds(async () => await Database.Read<int>("SELECT attempts FROM instance") == 1, "it has failed once");
        await first.Stop();

        SendGrid.Default = new HttpAnswer.Accept();
        var second = await Worker();
        await Database.Travel(TimeSpan.FromHours(1));

        await second.Becomes(instance.Id, "COMPLETED");
        SendGrid.Requests.ShouldBe(2);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_node_clock_that_is_wrong_by_an_hour_affects_no_due_instant_and_no_stored_instant(int hours)
    {
        var node = await Idle(new WrongClock(TimeSpan.FromHours(hours)));
        var sequence = await node.Sequence(Steps.Email(), Steps.WaitDays(1), Steps.Email());
        var now = await node.Enroll(sequence);
        var later = await node.Enroll(sequence);
        await Database.Execute("UPDATE step_job SET due_at = now() + interval '30 minutes' WHERE instance_id = $1", later.Id);
        await node.Start();

        await Eventually.Holds(
            async () => await Database.Read<int>("SELECT current_step FROM instance WHERE id = $1", now.Id) == 1,
            "the due steps are sent"
        );
        await Task.Delay(200); // Several polls, in which nothing may be claimed.

        SendGrid.Accepted.Select(m => m.InstanceId).ShouldBe([now.Id]);
        var instants = await Database.ReadAll<double>(
            """
            SELECT extract(epoch FROM now() - i)::float8 FROM (
              SELECT sent_at AS i FROM follow_up_event UNION ALL SELECT started_at FROM attempt UNION ALL SELECT finished_at FROM attempt
              UNION ALL SELECT enrolled_at FROM instance
              UNION ALL SELECT due_at - interval '1 day' FROM step_job WHERE step_type = 'WAIT') AS written
            """
        );
        instants.ShouldAllBe(age => age >= 0 && age < 600);
    }

    [Fact]
    public async Task Concurrent_claims_lock_and_take_at_most_the_requested_number()
    {
        // oban#4, odd-jobs#115: a planner that ran the subquery again locked and took too many rows.
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(0));
        for (var i = 0; i < 60; i++)
        {
            await node.Enroll(sequence);
        }

        List<StepOutbox> nodes = [];
        for (var i = 0; i < 6; i++)
        {
            nodes.Add((await Idle()).Services.GetRequiredService<StepOutbox>());
        }

        var claims = await Task.WhenAll(nodes.Select(outbox => Task.Run(() => outbox.Claim(3, CancellationToken.None))));

        claims.ShouldAllBe(claim => claim.Steps.Count <= 3);
        var taken = claims.SelectMany(claim => claim.Steps).Select(step => step.Fence.JobId).ToList();
        taken.Distinct().Count().ShouldBe(taken.Count);
        (await Database.Read<long>("SELECT count(*) FROM step_job WHERE state = 'leased'")).ShouldBe(taken.Count);
    }

    /// <summary>A wrong wall clock with a correct monotonic clock.</summary>
    private sealed class WrongClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
