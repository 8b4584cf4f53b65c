using FollowUp.Application;
using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>Running instances migrate to a newer version: no step is repeated, and no instance is lost.</summary>
public sealed partial class MigrationTests(TestDatabase database) : EngineTest(database)
{
    private static readonly StepInput First = Steps.Email("first") with { Id = "first" };
    private static readonly StepInput Pause = Steps.WaitDays(3) with { Id = "pause" };
    private static readonly StepInput Second = Steps.Email("second") with { Id = "second" };
    private static readonly StepInput Third = Steps.Email("third") with { Id = "third" };
    private static readonly StepInput Extra = Steps.Email("extra") with { Id = "extra" };

    [Fact]
    public async Task Deleting_a_step_of_a_live_sequence_sends_no_duplicates_as_in_mautic_16262()
    {
        var node = await Worker();
        var sequence = await node.Sequence(First, Steps.WaitDays(1) with { Id = "w1" }, Second, Pause, Third);
        for (var n = 0; n < 40; n++)
        {
            await node.Enroll(sequence, $"p{n}@example.com");
        }

        // Twenty wait before the second mail, twenty after it.
        await Waiting("w1", 40, 1);
        await Database.Execute(
            "UPDATE step_job SET due_at = now() WHERE instance_id IN (SELECT id FROM instance WHERE email < 'p3' ORDER BY email LIMIT 20)"
        );
        await Waiting("pause", 20, 3);

        await Publish(node, sequence, First, Steps.WaitDays(1) with { Id = "w1" }, Pause, Third);
        await Migrated(node, sequence);
        await DueUntilDone(40);

        SendGrid.Accepted.CountBy(mail => (mail.To, mail.Subject)).ShouldAllBe(sent => sent.Value == 1);
        SendGrid
            .Accepted.CountBy(mail => mail.Subject)
            .ToDictionary()
            .ShouldBe(
                new Dictionary<string, int>
                {
                    ["first"] = 40,
                    ["second"] = 20,
                    ["third"] = 40,
                },
                ignoreOrder: true
            );
        await ChainsAreWhole(node);
    }

    [Fact]
    public async Task Edits_and_migrations_during_runs_lose_no_instance_and_send_nothing_twice()
    {
        SendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(150));
        var office = await Idle();
        var sequence = await office.Sequence(First, Second, Third);
        for (var n = 0; n < 90; n++)
        {
            await office.Enroll(sequence);
        }

        var two = await Worker(("Dispatcher:Lanes", "3"), ("Operations:SharePercent", "100"));
        await Worker(("Dispatcher:Lanes", "3"), ("Operations:SharePercent", "100"));

        StepInput[][] edits =
        [
            [First, Extra, Third],
            [First with { Subject = "first, edited" }, Third, Extra, Second],
            [Extra, First, Second, Third],
        ];
        foreach (var steps in edits)
        {
            await Called(SendGrid.Requests + 25);
            await Publish(two, sequence, steps);
            var migration = await two.Do(new MigrateInstances(sequence, await Version(sequence), "map", new Dictionary<string, string?>()));
            await Eventually.Holds(
                async () =>
                {
                    // In every snapshot an ACTIVE instance has one job, which is for its current step.
                    (
                        await Database.Read<long>(
                            """
                            SELECT count(*) FROM instance i LEFT JOIN step_job j ON j.instance_id = i.id
                            LEFT JOIN sequence_version v ON v.id = i.sequence_version_id
                            WHERE i.status = 'ACTIVE' AND (j.id IS NULL OR j.step_index <> i.current_step OR v.number <> i.version
                                  OR j.step_type <> v.steps -> i.current_step ->> 'type')
                            """
                        )
                    ).ShouldBe(0);
                    return (await two.Do(new GetMigration(sequence, new(migration.Id)))).State == "completed";
                },
                "the migration is completed"
            );
        }

        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM instance WHERE status = 'COMPLETED'") == 90,
            "all are through"
        );
        // By step, not by text: the edited first mail is still the first one.
        SendGrid.Accepted.CountBy(mail => (mail.To, mail.Subject.Split(',')[0])).ShouldAllBe(sent => sent.Value == 1);
        (await Database.Read<long>("SELECT count(*) FROM instance WHERE version > 1")).ShouldBeGreaterThan(0);
        (await Database.Read<long>("SELECT count(*) FROM follow_up_event WHERE type = 'migrated'")).ShouldBeGreaterThan(0);
        await ChainsAreWhole(two);
    }

    [Fact]
    public async Task An_instance_migrates_after_its_running_step_is_complete()
    {
        var node = await Idle();
        var sequence = await node.Sequence(First, Second);
        var instance = await node.Enroll(sequence);
        var claim = await node.Services.GetRequiredService<StepOutbox>().Claim(1, CancellationToken.None);
        await Publish(node, sequence, First with { Subject = "first, edited" }, Extra, Second);
        var migration = await Begin(node, sequence);

        (await node.Do(new MigrateBatch(new(migration.Id), 10))).ShouldBe(MigrationBatchResult.Waiting);
        (await Seen(node, instance)).Version.ShouldBe(1);
        (await node.Send(new ExecuteStep(claim.Steps.Single()))).Value.ShouldBe(WriteBack.Done);
        (await node.Do(new MigrateBatch(new(migration.Id), 10))).ShouldBe(MigrationBatchResult.Done);

        var moved = await Seen(node, instance);
        (moved.Version, moved.CurrentStep).ShouldBe((2, 2));
        SendGrid.Accepted.Select(mail => mail.Subject).ShouldBe(["first"]);
        (await Story(node, instance.Id)).ShouldBe(["enrolled", "EMAIL sent", "migrated"]);
    }

    [Fact]
    public async Task Paused_and_failed_instances_migrate_and_those_in_doubt_stay()
    {
        SendGrid.Next(new HttpAnswer.Status(400, FakeSendGrid.Error("template is broken")), new HttpAnswer.AcceptThenReset());
        var node = await Worker();
        var sequence = await node.Sequence(First, Pause, Second);
        var failed = await node.Enroll(sequence);
        await node.Becomes(failed.Id, "FAILED");
        var doubtful = await node.Enroll(sequence);
        await Eventually.Holds(async () => (await Seen(node, doubtful)).Attention == "inDoubt", "the step is in doubt");
        var paused = await node.Enroll(sequence);
        await Eventually.Holds(async () => (await Seen(node, paused)).CurrentStep == 1, "it waits");
        await node.Do(new ActOnInstance(new(paused.Id), InstanceAction.Pause));

        await Publish(node, sequence, First with { Subject = "fixed" }, Third, Pause, Second);
        var done = await Migrated(node, sequence);

        (done.Total, done.Moved, done.InDoubt).ShouldBe((3, 2, 1));
        ((await Seen(node, paused)).Status, (await Seen(node, paused)).CurrentStep).ShouldBe(("PAUSED", 2));
        ((await Seen(node, failed)).Status, (await Seen(node, failed)).Version).ShouldBe(("FAILED", 2));
        ((await Seen(node, doubtful)).Attention, (await Seen(node, doubtful)).Version).ShouldBe(("inDoubt", 1));
        await node.Do(new ActOnInstance(new(failed.Id), InstanceAction.Retry));
        await Eventually.Holds(() => Task.FromResult(SendGrid.Accepted.Any(mail => mail.Subject == "fixed")), "the new text went out");
    }

    [Fact]
    public async Task Waits_that_a_shorter_delay_makes_overdue_are_spread()
    {
        var node = await Idle(("Dispatcher:BacklogPerSecond", "2"));
        var sequence = await node.Sequence(Pause, First);
        for (var n = 0; n < 5; n++)
        {
            await node.Enroll(sequence);
        }

        await Database.Travel(TimeSpan.FromDays(2));
        await Publish(node, sequence, Steps.WaitDays(1) with { Id = "pause" }, First);
        var migration = await Begin(node, sequence);
        await node.Do(new MigrateBatch(new(migration.Id), 2));
        await node.Do(new MigrateBatch(new(migration.Id), 9));

        var gaps = await Database.ReadAll<double>(
            "SELECT extract(epoch FROM due_at - lag(due_at) OVER (ORDER BY due_at))::float8 FROM step_job ORDER BY due_at OFFSET 1"
        );
        gaps.Count.ShouldBe(4);
        gaps.ShouldAllBe(gap => gap >= 0.499);
    }

    [Fact]
    public async Task The_plan_predicts_the_migration()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Pause, First, Second, Third);
        var instances = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => node.Enroll(sequence)));
        // One has completed the wait; in the next version the wait and the second mail precede the unsent first one.
        await Database.Execute("UPDATE step_job SET due_at = now() WHERE instance_id = $1", instances[0].Id);
        await Step(node);
        await Publish(node, sequence, First, Pause, Second, Third);
        await Run(node, await Begin(node, sequence));
        await Step(node);
        StepInput[] next = [Extra, Third, Second, First];

        var plan = await node.Do(new PlanVersion(sequence, next, null));
        await Publish(node, sequence, next);
        await Run(node, await Begin(node, sequence));

        var places = await Database.ReadAll<string>(
            """
            SELECT place || ' ' || count(*)
            FROM (SELECT CASE status WHEN 'COMPLETED' THEN 'ends' ELSE current_step::text END AS place FROM instance WHERE version = 3) moved
            GROUP BY place ORDER BY 1
            """
        );
        plan.Map.Moves.GroupBy(move => move.Ends ? "ends" : $"{move.To}")
            .Select(place => $"{place.Key} {place.Sum(move => move.Instances)}")
            .Order()
            .ShouldBe(places);
        plan.Map.Moves.Select(move => move.Reason).Order().ShouldBe(["alreadyHad", "nextSurviving"]);
    }

    [Fact]
    public async Task The_policy_content_migrates_only_instances_of_versions_with_the_same_shape()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Pause, First);
        await node.Enroll(sequence);
        await Publish(node, sequence, Pause, First, Second);
        var second = await node.Enroll(sequence);
        await Publish(node, sequence, Pause, First with { Subject = "better" }, Second);

        var migration = await node.Do(new MigrateInstances(sequence, 3, "content", null));
        await Run(node, migration);

        var done = await node.Do(new GetMigration(sequence, new(migration.Id)));
        (done.State, done.Total, done.Moved, done.Stayed).ShouldBe(("completed", 2, 1, 1));
        (await Seen(node, second)).Version.ShouldBe(3);
    }

    [Fact]
    public async Task At_most_one_migration_of_a_sequence_runs_at_a_time()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Pause, First);
        await node.Enroll(sequence);
        await Publish(node, sequence, First, Pause);
        var running = await Begin(node, sequence);

        var second = await node.Send(new MigrateInstances(sequence, 2, "content", null));
        await node.Do(new StopMigration(sequence, new(running.Id)));
        var other = await node.Do(new MigrateInstances(sequence, 2, "content", null));
        var goingOn = await node.Send(new ContinueMigration(sequence, new(running.Id)));

        var refusal = Error.Of(second)!;
        (refusal.ErrorCode, refusal.Facts.Single().Value).ShouldBe(("migrationRunning", running.Id.ToString()));
        Error.Of(goingOn)!.Facts.Single().Value.ShouldBe(other.Id.ToString());
    }

    [Fact]
    public async Task A_sequence_is_deleted_with_its_migrations()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Pause, First);
        await node.Enroll(sequence);
        await Publish(node, sequence, First, Pause);
        await Begin(node, sequence);

        await node.Do(new DeleteSequence(sequence, null));

        (await Database.Read<long>("SELECT count(*) FROM sequence_migration")).ShouldBe(0);
    }

    [Fact]
    public async Task Steps_stored_without_ids_always_get_the_same_ids()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Email("same"), Steps.WaitDays(1), Steps.Email("same"));
        await Publish(node, sequence, Steps.Email("same"), Steps.Email("same"));
        await Database.Execute("UPDATE sequence_version SET steps = (SELECT jsonb_agg(s - 'id') FROM jsonb_array_elements(steps) s)");

        var (old, current) = (await node.Do(new GetVersion(sequence, 1)), await node.Do(new GetVersion(sequence, 2)));

        old.Steps.Select(step => step.Id).Distinct().Count().ShouldBe(3);
        current.Steps.Select(step => step.Id).ShouldBe([old.Steps[0].Id, old.Steps[2].Id]);
    }

    private static Task<SequenceView> Publish(TestNode node, SequenceId sequence, params StepInput[] steps) =>
        node.Do(new UpdateSequence(sequence, default, default, default, new Optional<IReadOnlyList<StepInput?>>(true, steps), null));

    private Task<int> Version(SequenceId sequence) =>
        Database.Read<int>("SELECT current_version FROM sequence WHERE id = $1", sequence.Value);

    private async Task<MigrationView> Begin(TestNode node, SequenceId sequence) =>
        await node.Do(new MigrateInstances(sequence, await Version(sequence), "map", new Dictionary<string, string?>()));

    private static async Task Run(TestNode node, MigrationView migration)
    {
        while (await node.Do(new MigrateBatch(new(migration.Id), 2)) == MigrationBatchResult.More) { }
    }

    private async Task<MigrationView> Migrated(TestNode node, SequenceId sequence) =>
        await Completed(node, sequence, (await Begin(node, sequence)).Id);

    private static async Task<MigrationView> Completed(TestNode node, SequenceId sequence, Guid id)
    {
        MigrationView? seen = null;
        await Eventually.Holds(
            async () => (seen = await node.Do(new GetMigration(sequence, new(id)))).State == "completed",
            "the migration is completed"
        );
        return seen!;
    }

    private static Task<InstanceView> Seen(TestNode node, InstanceView instance) => node.Do(new GetInstance(new(instance.Id)));

    /// <summary>Executes the due steps on a node whose pump does not run.</summary>
    private static async Task Step(TestNode node)
    {
        var claim = await node.Services.GetRequiredService<StepOutbox>().Claim(8, CancellationToken.None);
        foreach (var step in claim.Steps)
        {
            (await node.Send(new ExecuteStep(step))).Value.ShouldBe(WriteBack.Done);
        }
    }

    private Task Waiting(string step, int count, int at) =>
        Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM instance WHERE current_step = $1", at) == count,
            $"{count} wait at {step}"
        );

    private async Task DueUntilDone(int count)
    {
        await Eventually.Holds(
            async () =>
            {
                await Database.Execute("UPDATE step_job SET due_at = now() WHERE state = 'ready' AND due_at > now()");
                return await Database.Read<long>("SELECT count(*) FROM instance WHERE status = 'COMPLETED'") == count;
            },
            "all are through"
        );
    }

    private async Task ChainsAreWhole(TestNode node)
    {
        foreach (var id in await Database.ReadAll<Guid>("SELECT id FROM instance"))
        {
            (await node.Do(new VerifyTimeline(new(id)))).Intact.ShouldBeTrue();
        }
    }
}
