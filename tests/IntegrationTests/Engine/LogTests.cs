using FollowUp.Application.Instances;
using FollowUp.Application.Preview;
using FollowUp.Application.Sequences;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Operations;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FollowUp.IntegrationTests.Engine;

public sealed class LogTests(TestDatabase database) : EngineTest(database)
{
    [Theory]
    [InlineData("UPDATE follow_up_event SET type = 'EMAIL'")]
    [InlineData("DELETE FROM follow_up_event")]
    [InlineData("DELETE FROM instance")]
    [InlineData("TRUNCATE follow_up_event")]
    public async Task The_database_refuses_to_change_the_log(string sql)
    {
        var node = await Idle();
        await node.Enroll(await node.Sequence(Steps.Email()));

        var change = () => Database.Execute(sql);

        (await change.ShouldThrowAsync<PostgresException>()).MessageText.ShouldContain("append-only");
    }

    [Fact]
    public async Task Deleting_the_sequence_deletes_its_events()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Email());
        await node.Enroll(sequence);

        await node.Do(new DeleteSequence(sequence, null));

        (await Database.Read<long>("SELECT count(*) FROM follow_up_event")).ShouldBe(0);
    }

    [Fact]
    public async Task A_deletion_waits_for_a_running_enrolment_and_deletes_it()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Email());
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var holding = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("LOCK TABLE follow_up_event IN SHARE MODE", connection, holding);
        await hold.ExecuteNonQueryAsync();

        var enrolling = node.Enroll(sequence);
        await Eventually.Holds(async () => await Database.WaitingForLocks() == 1, "the enrolment waits for the log");
        var deleting = node.Do(new DeleteSequence(sequence, null));
        await Eventually.Holds(async () => await Database.WaitingForLocks() == 2, "the delete waits for the enrolment");
        await holding.CommitAsync();
        await Task.WhenAll(enrolling, deleting);
        // An enrolment that commits while the request looks for instances is left to the background.
        await node.RunOperations();

        (await Database.Read<long>("SELECT count(*) FROM instance")).ShouldBe(0);
        (await Database.Read<long>("SELECT count(*) FROM step_job")).ShouldBe(0);
        (await Database.Read<long>("SELECT count(*) FROM follow_up_event")).ShouldBe(0);
    }

    [Theory]
    [InlineData("skipped")]
    [InlineData("SENT")]
    [InlineData("unknown")]
    public async Task A_timeline_verifies_until_its_rows_are_altered_without_the_triggers(string status)
    {
        var node = await Worker();
        var instance = await node.Enroll(await node.Sequence(Steps.Email(), Steps.WaitDays(0), Steps.Sms()));
        await node.Becomes(instance.Id, "COMPLETED");
        var before = await node.Do(new VerifyTimeline(new(instance.Id)));

        await Database.Execute(
            $"""
            ALTER TABLE follow_up_event DISABLE TRIGGER follow_up_event_no_change;
            UPDATE follow_up_event SET status = '{status}' WHERE type = 'EMAIL';
            ALTER TABLE follow_up_event ENABLE TRIGGER follow_up_event_no_change;
            """
        );

        (before.Events, before.Intact).ShouldBe((5, true));
        (await node.Do(new VerifyTimeline(new(instance.Id)))).Intact.ShouldBeFalse();
        (await Timeline(node, instance.Id)).Single(e => e.Type == "EMAIL").Status.ShouldBe(status);
        (await node.Do(new ExplainInstance(new(instance.Id)))).Steps[0].Outcome.ShouldBe(status);
    }

    [Fact]
    public async Task An_event_has_an_instant_a_status_and_the_content_but_no_address()
    {
        var node = await Worker();
        var instance = await node.Enroll(
            await node.Sequence(Steps.Email("Hello", "<p>Body for {{ recipient.firstName }}</p>")),
            "anna@example.com"
        );
        await node.Becomes(instance.Id, "COMPLETED");

        var sent = (await Timeline(node, instance.Id)).Single(e => e.Type == "EMAIL");

        (sent.Status, sent.StepIndex, sent.Version).ShouldBe(("sent", 0, 1));
        sent.Content["subject"]!.ToString().ShouldBe("Hello");
        sent.Content["html"]!.ToString().ShouldContain("Body for Anna");
        var kept = await Database.ReadAll<string>("SELECT content::text FROM follow_up_event");
        kept.ShouldAllBe(content => !content.Contains('@') && !content.Contains("Anna"));
    }

    [Fact]
    public async Task Events_and_why_contain_the_attempt_id_that_the_provider_received()
    {
        SendGrid.Next(new HttpAnswer.Accept(), new HttpAnswer.Status(400, FakeSendGrid.Error("no")));
        var node = await Worker();
        var instance = await node.Enroll(await node.Sequence(Steps.Email(), Steps.Email()));
        await node.Becomes(instance.Id, "FAILED");

        var attempts = await Database.ReadAll<Guid>("SELECT id FROM attempt ORDER BY started_at");
        var events = (await Timeline(node, instance.Id)).Where(e => e.Type == "EMAIL").Select(e => e.Content["attemptId"]!.ToString());
        var why = await node.Do(new ExplainInstance(new(instance.Id)));

        attempts.Count.ShouldBe(2);
        events.ShouldBe(attempts.Select(id => id.ToString()));
        why.Steps.SelectMany(s => s.Tries).Select(t => t.AttemptId).ShouldBe(attempts);
    }

    [Fact]
    public async Task A_rendered_message_can_be_erased_without_its_event()
    {
        var node = await Worker();
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));
        await node.Becomes(instance.Id, "COMPLETED");

        await Database.Execute("DELETE FROM message");

        (await Timeline(node, instance.Id)).Single(e => e.Type == "EMAIL").Content["subject"].ShouldBeNull();
        (await node.Do(new VerifyTimeline(new(instance.Id)))).Intact.ShouldBeTrue();
    }

    [Fact]
    public async Task Accepted_attempts_are_pruned_after_an_hour_and_failed_ones_after_a_day()
    {
        SendGrid.Next(new HttpAnswer.Accept(), new HttpAnswer.Status(400, FakeSendGrid.Error("no")));
        var node = await Worker();
        var instance = await node.Enroll(await node.Sequence(Steps.Email(), Steps.Email()));
        await node.Becomes(instance.Id, "FAILED");
        var pruner = node.Services.GetRequiredService<Pruner>();

        await Age("59 minutes");
        await pruner.Prune(CancellationToken.None);
        var young = await Database.Read<long>("SELECT count(*) FROM attempt");
        await Age("61 minutes");
        await pruner.Prune(CancellationToken.None);
        var left = await Database.ReadAll<string>("SELECT status FROM attempt");
        await Age("25 hours");
        await pruner.Prune(CancellationToken.None);

        young.ShouldBe(2);
        left.ShouldBe(["REJECTED"]);
        (await Database.Read<long>("SELECT count(*) FROM attempt")).ShouldBe(0);
        (await Story(node, instance.Id)).ShouldBe(["enrolled", "EMAIL sent", "EMAIL failed"]);
    }

    [Fact]
    public async Task A_commit_record_is_pruned_after_an_hour()
    {
        var node = await Worker();
        await node.Enroll(await node.Sequence(Steps.Wait("P1D")));
        var written = await Database.Read<long>("SELECT count(*) FROM commit_proof");
        await Database.Execute(
            """
            UPDATE commit_proof SET created_at = now() - interval '59 minutes';
            INSERT INTO commit_proof (id, created_at) SELECT gen_random_uuid(), now() - interval '61 minutes' FROM generate_series(1, 12000);
            """
        );

        await node.Services.GetRequiredService<Pruner>().Prune(CancellationToken.None);

        written.ShouldBeGreaterThan(0);
        (await Database.Read<long>("SELECT count(*) FROM commit_proof")).ShouldBe(written);
    }

    /// <summary>Backdates all attempts: the instant of their end and the one in their ids.</summary>
    private Task<int> Age(string age) =>
        Database.Execute(
            $"""
            UPDATE attempt SET finished_at = now() - interval '{age}',
                   id = (lpad(to_hex((extract(epoch FROM now() - interval '{age} 1 second') * 1000)::bigint), 12, '0')
                         || substr(replace(id::text, '-', ''), 13))::uuid
            """
        );
}
