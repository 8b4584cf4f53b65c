using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>
/// A claim is consistent: job, instance and step belong to the same revision, even if another node completes a whole step during the claim's
/// statement.
/// </summary>
public sealed class ClaimIsolationTests(TestDatabase database) : EngineTest(database)
{
    private const string SlowNode = "slow";
    private const long Gate = 4711;

    [Fact]
    public async Task A_claim_that_waits_for_a_lock_reads_the_newest_version_of_the_instance()
    {
        var (slow, quick) = (await Slow(), await Idle());
        var sequence = await quick.Sequence(Steps.Email("n1"), Steps.Email("n2"));
        var held = (await quick.Enroll(sequence)).Id;
        var contested = (await quick.Enroll(sequence)).Id;
        await using var gate = await CloseGate(held);

        var slowClaim = Claim(slow, 2);
        await Eventually.Holds(async () => await Database.WaitingForLocks() > 0, "the slow claim has locked its first job");
        await Complete(quick, (await Claim(quick, 1)).Single());
        // The next step was due before the slow claim began: its due time is that of the quick claim, whose commit may take long.
        await Database.Execute("UPDATE step_job SET due_at = due_at - interval '1 minute' WHERE instance_id = $1", contested);
        await gate.DisposeAsync();
        var claimed = await slowClaim;

        claimed.Count.ShouldBe(2);
        foreach (var step in claimed)
        {
            step.Instance.CurrentStep.Value.ShouldBe(await StepOf(step));
            (await Database.Read<int>("SELECT step_index FROM attempt WHERE id = $1", step.AttemptId!.Value.Value)).ShouldBe(
                await StepOf(step)
            );
            await Complete(slow, step);
        }

        var subjects = SendGrid.Accepted.GroupBy(mail => mail.To).Select(mails => string.Join(" ", mails.Select(mail => mail.Subject)));
        subjects.Order().ShouldBe(["n1", "n1 n2"]);
    }

    [Fact]
    public async Task A_claim_by_owner_that_waits_for_a_lock_reads_the_newest_version_of_the_instance()
    {
        var (slow, quick) = (await Slow(), await Idle());
        var (mine, theirs) = (await quick.Sequence(Steps.Email("n1"), Steps.Email("n2")), await quick.Sequence(Steps.WaitDays(0)));
        await quick.EnrollMany(theirs, 12);
        await GiveToAnotherUser(theirs);
        var held = (await quick.Enroll(mine)).Id;
        var contested = (await quick.Enroll(mine)).Id;
        // Detects the backlog and its owners: from now on this node claims by owner, round-robin.
        await Claim(slow, 2);
        await using var gate = await CloseGate(held);

        var slowClaim = Claim(slow, 4);
        await Eventually.Holds(async () => await Database.WaitingForLocks() > 0, "the slow claim has locked its first job");
        await Database.Execute("UPDATE step_job SET due_at = now() - interval '1 hour' WHERE instance_id = $1", contested);
        await Complete(quick, (await Claim(quick, 1)).Single());
        await Database.Execute("UPDATE step_job SET due_at = due_at - interval '1 minute' WHERE instance_id = $1", contested);
        await gate.DisposeAsync();
        var claimed = (await slowClaim).Single(step => step.Instance.Id.Value == contested);

        claimed.Instance.CurrentStep.Value.ShouldBe(1);
        (await StepOf(claimed)).ShouldBe(1);
    }

    [Fact]
    public async Task A_suppression_that_was_committed_before_the_job_was_locked_keeps_the_step_from_being_sent()
    {
        var (slow, quick) = (await Slow(), await Idle());
        var sequence = await quick.Sequence(Steps.Email());
        var held = (await quick.Enroll(sequence)).Id;
        var suppressed = (await quick.Enroll(sequence, "anna@example.com")).Id;
        await using var gate = await CloseGate(held);

        var slowClaim = Claim(slow, 2);
        await Eventually.Holds(async () => await Database.WaitingForLocks() > 0, "the slow claim has locked its first job");
        await Database.Execute(
            """
            INSERT INTO suppression (id, owner_id, channel, address, reason, created_at)
            VALUES (gen_random_uuid(), $1, 'EMAIL', 'anna@example.com', 'unsubscribed', now())
            """,
            TestNode.Owner.Value
        );
        await gate.DisposeAsync();
        var claimed = (await slowClaim).Single(step => step.Instance.Id.Value == suppressed);

        claimed.AttemptId.ShouldBeNull();
        await Complete(slow, claimed);
        (await Story(quick, suppressed)).ShouldBe(["enrolled", "stopped"]);
    }

    private Task<TestNode> Slow() =>
        Idle(
            (
                "ConnectionStrings:FollowUp",
                new NpgsqlConnectionStringBuilder(Database.ConnectionString) { ApplicationName = SlowNode }.ConnectionString
            )
        );

    /// <summary>Holds the slow node's claim in the middle of its statement, at the update of one instance's job, until the gate is disposed.</summary>
    private async Task<Closed> CloseGate(Guid instance)
    {
        await Database.Execute(
            $"""
            CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $hold$
            BEGIN
              IF current_setting('application_name') = '{SlowNode}' AND NEW.instance_id = '{instance}' AND NEW.state = 'leased' THEN
                PERFORM pg_advisory_xact_lock_shared({Gate});
              END IF;
              RETURN NEW;
            END $hold$;
            CREATE TRIGGER hold BEFORE UPDATE ON step_job FOR EACH ROW EXECUTE FUNCTION hold();
            """
        );
        var connection = await Database.DataSource.OpenConnectionAsync();
        await using var close = new NpgsqlCommand($"SELECT pg_advisory_lock({Gate})", connection);
        await close.ExecuteNonQueryAsync();
        return new Closed(connection, Database);
    }

    private static async Task<IReadOnlyList<ClaimedStep>> Claim(TestNode node, int lanes) =>
        (await node.Services.GetRequiredService<StepOutbox>().Claim(lanes, CancellationToken.None)).Steps;

    private static async Task Complete(TestNode node, ClaimedStep step) => (await node.Do(new ExecuteStep(step))).ShouldBe(WriteBack.Done);

    private Task<int> StepOf(ClaimedStep step) =>
        Database.Read<int>("SELECT step_index FROM step_job WHERE instance_id = $1", step.Instance.Id.Value);

    private sealed class Closed(NpgsqlConnection connection, TestDatabase database) : IAsyncDisposable
    {
        private bool _isOpen;

        public async ValueTask DisposeAsync()
        {
            if (_isOpen)
            {
                return;
            }

            _isOpen = true;
            await using (var open = new NpgsqlCommand($"SELECT pg_advisory_unlock({Gate})", connection))
            {
                await open.ExecuteNonQueryAsync();
            }

            await connection.DisposeAsync();
            await database.Execute("DROP TRIGGER hold ON step_job; DROP FUNCTION hold");
        }
    }
}
