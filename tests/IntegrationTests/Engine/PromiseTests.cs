using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Recipients;
using FollowUp.Application.Sequences;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>The guarantees of the engine. Each was broken on purpose at least once to see its test fail.</summary>
public sealed partial class PromiseTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task The_database_refuses_a_second_live_job_of_an_instance()
    {
        var node = await Idle();
        await node.Enroll(await node.Sequence(Steps.Email()));

        var second = () =>
            Database.Execute(
                """
                INSERT INTO step_job (id, instance_id, owner_id, sequence_id, step_index, step_type, state, due_at, attempt, enqueued_at)
                SELECT gen_random_uuid(), instance_id, owner_id, sequence_id, step_index, step_type, state, due_at, attempt, enqueued_at FROM step_job
                """
            );

        (await second.ShouldThrowAsync<PostgresException>()).SqlState.ShouldBe(PostgresErrorCodes.UniqueViolation);
    }

    [Fact]
    public async Task A_step_that_becomes_due_before_the_low_water_mark_is_claimed()
    {
        var node = await Worker();
        var sent = await node.Enroll(await node.Sequence(Steps.Email()));
        await node.Becomes(sent.Id, "COMPLETED");
        var waiting = await node.Enroll(await node.Sequence(Steps.WaitDays(1)));

        await Database.Execute("UPDATE step_job SET due_at = now() - interval '1 hour' WHERE instance_id = $1", waiting.Id);

        await node.Becomes(waiting.Id, "COMPLETED");
    }

    [Fact]
    public async Task The_attempt_is_committed_before_the_provider_is_called()
    {
        SendGrid.Default = new HttpAnswer.AcceptThenNeverAnswer();
        var node = await Worker();
        await node.Enroll(await node.Sequence(Steps.Email()));

        await Called(1);

        (await Database.Read<string>("SELECT status FROM attempt")).ShouldBe("SENDING");
    }

    [Fact]
    public async Task No_transaction_is_open_while_a_provider_is_called()
    {
        SendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(500));
        var node = await Worker();
        await node.Enroll(await node.Sequence(Steps.Email()));

        await Called(1);

        (
            await Database.Read<long>(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
            )
        ).ShouldBe(0);
        SendGrid.Accepted.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_worker_that_lost_its_lease_writes_nothing()
    {
        SendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(600));
        var node = await Worker(("Dispatcher:SweepInterval", "1h"));
        var instance = await node.Enroll(await node.Sequence(Steps.Email(), Steps.Email()));
        await Called(1);

        // Another worker has claimed the job meanwhile: only the claim number differs.
        await Database.Execute("UPDATE step_job SET attempt = attempt + 1");
        await Eventually.Holds(
            () => Task.FromResult(node.Services.GetRequiredService<StepPump>().Running.Count == 0),
            "the worker is done"
        );

        (await Story(node, instance.Id)).ShouldBe(["enrolled"]);
        (await Database.Read<string>("SELECT status FROM attempt")).ShouldBe("SENDING");
        (await Database.Read<int>("SELECT current_step FROM instance")).ShouldBe(0);
    }

    [Fact]
    public async Task A_job_that_a_node_claims_again_stays_claimed_when_its_lost_attempt_ends()
    {
        SendGrid.Next(new HttpAnswer.Accept());
        SendGrid.Default = new HttpAnswer.AcceptThenNeverAnswer();
        var node = await Worker(("Dispatcher:SweepInterval", "1h"));
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var holding = await connection.BeginTransactionAsync();
        var instance = await node.Do(
            new EnrollRecipient(
                await node.Sequence(Steps.Email()),
                new EnrolmentInput(new RecipientInput("anna@example.com", null, null, null), null, null, DateTimeOffset.UtcNow.AddDays(1))
            )
        );
        await using var hold = new NpgsqlCommand("SELECT 1 FROM instance FOR NO KEY UPDATE", connection, holding);
        await hold.ExecuteNonQueryAsync();
        await MakeDue(instance.Id);
        await Called(1);

        // The write-back of the attempt waits; meanwhile the sweep has released the job, and the same node claims it again.
        await Database.Execute("UPDATE step_job SET state = 'ready', owner = NULL, lease_until = NULL");
        await Called(2);
        await holding.CommitAsync();
        await Eventually.Holds(() => Task.FromResult(TestLog.Says($"{instance.Id}")), "the lost try has ended");

        node.Services.GetRequiredService<StepPump>().Running.Single().Fence.Attempt.ShouldBe(2);
        await SendGrid.Down();
    }

    [Fact]
    public async Task A_rejected_write_back_does_not_affect_the_others_of_its_batch()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(0));
        var kept = await node.Enroll(sequence);
        var lost = await node.Enroll(sequence);
        var outbox = node.Services.GetRequiredService<StepOutbox>();
        var claim = await outbox.Claim(8, CancellationToken.None);
        await Database.Execute("UPDATE step_job SET owner = 'another node' WHERE instance_id = $1", lost.Id);

        var written = await Task.WhenAll(claim.Steps.Select(step => node.Send(new ExecuteStep(step))));

        written.Select(w => w.Value).Order().ShouldBe([WriteBack.Done, WriteBack.LeaseLost]);
        (await Story(node, kept.Id)).ShouldBe(["enrolled", "WAIT completed", "completed"]);
        (await Story(node, lost.Id)).ShouldBe(["enrolled"]);
    }

    [Fact]
    public async Task A_worker_suspended_beyond_its_lease_sends_nothing()
    {
        var node = await Idle(("Dispatcher:Lease", "1s"));
        await node.Enroll(await node.Sequence(Steps.Email()));
        var claim = await node.Services.GetRequiredService<StepOutbox>().Claim(1, CancellationToken.None);
        await Task.Delay(600); // Less than half of the lease is left.

        var written = await node.Send(new ExecuteStep(claim.Steps.Single()));

        written.Value.ShouldBe(WriteBack.LeaseLost);
        SendGrid.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task A_shutdown_completes_running_sends_and_the_hash_chain_continues_after_the_restart()
    {
        SendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(400));
        var first = await Worker();
        var instance = await first.Enroll(await first.Sequence(Steps.Email("first"), Steps.Email("second")));
        await Called(1);

        await first.Stop();
        var afterStop = await Database.ReadAll<string>("SELECT type FROM follow_up_event ORDER BY number");
        var left = await Database.Read<string>("SELECT state || ' ' || attempt FROM step_job");
        var second = await Worker();

        await second.Becomes(instance.Id, "COMPLETED");
        afterStop.ShouldBe(["enrolled", "EMAIL"]);
        left.ShouldBe("ready 0");
        SendGrid.Accepted.Select(m => m.Subject).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task A_released_claim_leaves_no_attempt()
    {
        var node = await Idle();
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));
        var outbox = node.Services.GetRequiredService<StepOutbox>();
        var claim = await outbox.Claim(1, CancellationToken.None);

        await outbox.GiveBack([.. claim.Steps], CancellationToken.None);

        (await Database.Read<string>("SELECT state FROM step_job")).ShouldBe("ready");
        (await Database.Read<long>("SELECT count(*) FROM attempt")).ShouldBe(0);
        (await node.Do(new GetInstance(new(instance.Id)))).Attempts.ShouldBe(0);
    }

    [Fact]
    public async Task An_outage_opens_the_breaker_costs_no_attempts_and_keeps_the_order()
    {
        SendGrid.Default = new HttpAnswer.Status(503);
        var node = await Idle(("Dispatcher:Lanes", "1"), ("Retry:BaseDelay", "10s"));
        var sequence = await node.Sequence(Steps.Email("{{ variables.n }}"));
        for (var n = 0; n < 12; n++)
        {
            await node.Enroll(sequence, variables: new { n });
        }

        await node.Start();
        await Eventually.Holds(
            async () => await Database.Read<bool>("SELECT bool_or(open_until IS NOT NULL) FROM channel_breaker"),
            "the breaker is open"
        );
        var callsUntilOpen = SendGrid.Requests;
        await Task.Delay(300); // Several polls, in which nothing may be claimed.
        var callsWhileOpen = SendGrid.Requests;
        var retriesUsed = await Database.Read<long>("SELECT sum(attempts) FROM instance");
        SendGrid.Default = new HttpAnswer.Accept();
        await Database.Travel(TimeSpan.FromSeconds(10));

        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM instance WHERE status = 'COMPLETED'") == 12,
            "all went out"
        );
        callsUntilOpen.ShouldBe(5);
        callsWhileOpen.ShouldBe(5);
        retriesUsed.ShouldBe(4, "the fifth failure opened the breaker, and postponed its step");
        (await Database.Read<long>("SELECT count(*) FROM instance WHERE status = 'FAILED'")).ShouldBe(0);
        // Steps without an attempt are sent in the order of their due instants.
        SendGrid.Accepted.Select(m => int.Parse(m.Subject)).Where(n => n > 4).ShouldBeInOrder();
    }

    [Fact]
    public async Task A_probe_that_fails_keeps_the_breaker_open_for_longer()
    {
        SendGrid.Default = new HttpAnswer.Status(503);
        var node = await Idle(("Dispatcher:Lanes", "1"), ("Retry:BaseDelay", "10s"));
        var sequence = await node.Sequence(Steps.Email());
        for (var i = 0; i < 5; i++)
        {
            await node.Enroll(sequence);
        }

        await node.Start();
        await Eventually.Holds(
            async () => await Database.Read<int>("SELECT trips FROM channel_breaker WHERE channel = 'EMAIL'") == 1,
            "the breaker is open"
        );
        await Database.Execute("UPDATE channel_breaker SET open_until = now() WHERE channel = 'EMAIL'");

        await Eventually.Holds(
            async () => await Database.Read<int>("SELECT trips FROM channel_breaker WHERE channel = 'EMAIL'") == 2,
            "the probe has failed"
        );

        SendGrid.Requests.ShouldBe(6);
        (
            await Database.Read<double>(
                "SELECT extract(epoch FROM open_until - now())::float8 FROM channel_breaker WHERE channel = 'EMAIL'"
            )
        ).ShouldBeInRange(8, 10);
    }

    [Fact]
    public async Task Nodes_that_start_concurrently_migrate_the_schema_one_after_the_other()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Worker()));

        var instance = await nodes[0].Enroll(await nodes[0].Sequence(Steps.WaitDays(0)));

        await nodes[2].Becomes(instance.Id, "COMPLETED");
    }

    [Fact]
    public async Task A_deletion_during_a_send_leaves_no_partial_record()
    {
        SendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(400));
        var node = await Worker();
        var sequence = await node.Sequence(Steps.Email(), Steps.Email());
        await node.Enroll(sequence);
        await Called(1);

        await node.Do(new DeleteSequence(sequence, null));
        await Eventually.Holds(
            () => Task.FromResult(node.Services.GetRequiredService<StepPump>().Running.Count == 0),
            "the worker is done"
        );

        foreach (var table in new[] { "sequence", "sequence_version", "instance", "step_job", "attempt", "message", "follow_up_event" })
        {
            (await Database.Read<long>($"SELECT count(*) FROM {table}")).ShouldBe(0, table);
        }
    }
}
