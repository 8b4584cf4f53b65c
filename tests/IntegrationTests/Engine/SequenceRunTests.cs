using FollowUp.Application.Instances;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FollowUp.IntegrationTests.Engine;

public sealed class SequenceRunTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task A_sequence_runs_from_step_0_to_its_end()
    {
        var node = await Worker();
        var sequence = await node.Sequence(
            Steps.Email("One for {{ recipient.firstName }}"),
            Steps.WaitDays(3),
            Steps.Sms(),
            Steps.Email("Two")
        );

        var instance = await node.Enroll(sequence, "anna@example.com");
        await Eventually.Holds(async () => await WaitIsUnderWay(instance.Id), "the wait is under way");
        await Database.Travel(TimeSpan.FromDays(3));

        await node.Becomes(instance.Id, "COMPLETED");
        (await Story(node, instance.Id)).ShouldBe(["enrolled", "EMAIL sent", "WAIT completed", "SMS skipped", "EMAIL sent", "completed"]);
        SendGrid.Accepted.Select(m => (m.To, m.Subject)).ShouldBe([("anna@example.com", "One for Anna"), ("anna@example.com", "Two")]);
    }

    [Fact]
    public async Task A_wait_of_days_is_due_days_times_86_400_000_ms_after_it_was_enqueued()
    {
        var node = await Worker();
        var instance = await node.Enroll(await node.Sequence(Steps.Email(), Steps.WaitDays(3)));

        await Eventually.Holds(async () => await WaitIsUnderWay(instance.Id), "the wait is under way");

        var delay = await Database.Read<double>(
            """
            SELECT extract(epoch FROM j.due_at - e.sent_at)::float8 * 1000
            FROM step_job j JOIN follow_up_event e USING (instance_id) WHERE e.type = 'EMAIL'
            """
        );
        delay.ShouldBe(3 * 86_400_000.0, tolerance: 0.01);
    }

    [Fact]
    public async Task A_wait_at_the_start_counts_from_the_enrolment()
    {
        var node = await Idle();

        var instance = await node.Enroll(await node.Sequence(Steps.Wait("PT36H"), Steps.Email()));

        (instance.NextDueAt!.Value - instance.EnrolledAt).ShouldBe(TimeSpan.FromHours(36));
    }

    [Fact]
    public async Task The_next_job_is_created_with_the_record_of_the_step()
    {
        SendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(5));
        var node = await Worker();
        var sequence = await node.Sequence([.. Enumerable.Repeat(Steps.Email(), 10)]);
        var instance = await node.Enroll(sequence);

        // At every moment, an ACTIVE instance has exactly one live job.
        var seen = 0;
        while ((await node.Do(new GetInstance(new(instance.Id)))).Status == "ACTIVE")
        {
            (
                await Database.Read<long>(
                    "SELECT count(*) FROM instance i WHERE status = 'ACTIVE' AND (SELECT count(*) FROM step_job j WHERE j.instance_id = i.id) <> 1"
                )
            ).ShouldBe(0);
            seen++;
        }

        seen.ShouldBeGreaterThan(0);
        SendGrid.Accepted.Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_mail_without_a_text_gets_the_default_follow_up_of_its_position()
    {
        var node = await Worker();
        var sequence = await node.Sequence(new() { Type = "EMAIL" }, new() { Type = "EMAIL" });

        var instance = await node.Enroll(sequence, variables: new { offer = new { address = "Main St 1" } });

        await node.Becomes(instance.Id, "COMPLETED");
        SendGrid.Accepted.Select(m => m.Subject).ShouldBe(["Your offer on Main St 1", "Following up on Main St 1"]);
        SendGrid.Accepted.First().Html!.ShouldContain("Hi Anna,");
    }

    [Fact]
    public async Task Values_are_escaped_in_the_HTML_from_which_the_text_part_is_generated()
    {
        var node = await Worker();
        var sequence = await node.Sequence(Steps.Email("{{ variables.name }}", "<p>Dear <b>{{ variables.name }}</b>,</p><p>bye</p>"));

        var instance = await node.Enroll(sequence, variables: new { name = "<Tom & Co>" });

        await node.Becomes(instance.Id, "COMPLETED");
        var mail = SendGrid.Accepted.Single();
        mail.Subject.ShouldBe("<Tom & Co>");
        mail.Html!.ShouldContain("<b>&lt;Tom &amp; Co&gt;</b>");
        mail.Text!.ShouldContain("Dear <Tom & Co>,");
    }

    [Fact]
    public async Task One_lane_executes_one_step_at_a_time()
    {
        SendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(10));
        var node = await Worker(("Dispatcher:Lanes", "1"));
        var sequence = await node.Sequence(Steps.Email(), Steps.Email());
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => node.Enroll(sequence)));

        await Eventually.Holds(async () => await Completed() == 10, "all are completed");

        (await Overlaps("true")).ShouldBe(0);
        SendGrid.Accepted.Count.ShouldBe(20);
    }

    [Fact]
    public async Task A_step_that_becomes_due_during_a_claim_does_not_wait_for_the_claimed_step()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Email());
        await node.Enroll(sequence);
        var later = await node.Enroll(sequence);
        await Database.Execute($"UPDATE step_job SET due_at = now() + interval '1 hour' WHERE instance_id = '{later.Id}'");
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var holding = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("LOCK TABLE attempt IN SHARE MODE", connection, holding);
        await hold.ExecuteNonQueryAsync();

        var claiming = node.Services.GetRequiredService<StepOutbox>().Claim(8, CancellationToken.None);
        await Eventually.Holds(async () => await Database.WaitingForLocks() > 0, "the claim waits");
        await Database.Execute($"UPDATE step_job SET due_at = clock_timestamp() WHERE instance_id = '{later.Id}'");
        await holding.CommitAsync();

        var claim = await claiming;
        claim.Steps.Count.ShouldBe(1);
        claim.NextDue.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(TimeSpan.Zero);
    }

    [Fact]
    public async Task Many_lanes_and_nodes_execute_one_step_of_an_instance_at_a_time()
    {
        SendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(10));
        TestNode[] nodes = [await Worker(), await Worker(), await Worker()];
        var sequence = await nodes[0].Sequence([.. Enumerable.Repeat(Steps.Email(), 5)]);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => nodes[i % 3].Enroll(sequence)));

        await Eventually.Holds(async () => await Completed() == 40, "all are completed");

        (await Overlaps("a.instance_id = b.instance_id")).ShouldBe(0);
        SendGrid.Accepted.GroupBy(m => m.InstanceId).ShouldAllBe(mails => mails.Count() == 5);
        (await Database.Read<long>("SELECT count(DISTINCT attempt_id) FROM (SELECT id AS attempt_id FROM attempt) a")).ShouldBe(200);
    }

    [Fact]
    public async Task Concurrent_enrolments_of_one_recipient_create_one_instance()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(1));

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i =>
                    node.Send(
                        new EnrollRecipient(
                            sequence,
                            new EnrolmentInput(new($"{(i % 2 == 0 ? "A" : "a")}nna@example.com", null, null, null), null, null, null)
                        )
                    )
                )
        );

        results.Count(r => r.IsSuccess).ShouldBe(1);
        (await Database.Read<long>("SELECT count(*) FROM instance")).ShouldBe(1);
    }

    [Fact]
    public async Task A_template_that_fails_when_rendered_fails_the_step_before_anything_is_sent()
    {
        var node = await Worker();
        var sequence = await node.Sequence(Steps.Email("{% if variables.nothing %}x{% endif %}"));

        var instance = await node.Enroll(sequence);

        (await node.Becomes(instance.Id, "FAILED")).LastError!.ShouldContain("subject");
        SendGrid.Requests.ShouldBe(0);
    }

    private Task<long> Completed() => Database.Read<long>("SELECT count(*) FROM instance WHERE status = 'COMPLETED'");

    private Task<bool> WaitIsUnderWay(Guid instance) =>
        Database.Read<bool>("SELECT step_type = 'WAIT' FROM step_job WHERE instance_id = $1", instance);

    /// <summary>How many pairs of attempts were under way at the same time.</summary>
    private Task<long> Overlaps(string pair) =>
        Database.Read<long>(
            $"""
            SELECT count(*) FROM attempt a JOIN attempt b ON a.id < b.id AND {pair}
            WHERE a.started_at < b.finished_at AND b.started_at < a.finished_at
            """
        );
}
