using FollowUp.Domain.Sequences;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Scheduling;

public sealed class FairnessTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task An_owner_with_thousands_of_older_steps_does_not_keep_another_one_waiting()
    {
        SendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(5));
        var idle = await Idle();
        var (big, small) = (await idle.Sequence(Steps.Email("big")), await idle.Sequence(Steps.Email("small")));
        await idle.EnrollMany(big, 2_000);
        await idle.EnrollMany(small, 6);
        await Database.Execute("UPDATE step_job SET due_at = due_at - interval '1 hour' WHERE sequence_id = $1", big.Value);
        await BelongsToSomebodyElse(small);

        await Worker(("Dispatcher:Lanes", "2"));
        await Eventually.Holds(
            () => Task.FromResult(SendGrid.Accepted.Count(m => m.Subject == "small") == 6),
            "all of the small one's went out"
        );

        SendGrid.Accepted.Count.ShouldBeLessThan(1_000);
        SendGrid.Accepted.Where(m => m.Subject == "big").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task An_owners_turn_is_claimed_by_index()
    {
        var idle = await Idle();
        var sequence = await idle.Sequence(Steps.Email());
        await idle.EnrollMany(sequence, 1);
        // Copies of the one job, without their instances: only the plan is looked at.
        await Database.Execute(
            """
            SET session_replication_role = replica;
            INSERT INTO step_job (id, instance_id, owner_id, sequence_id, step_index, step_type, state, due_at, attempt)
            SELECT gen_random_uuid(), gen_random_uuid(), ('00000000-0000-0000-0000-' || lpad((n % 20)::text, 12, '0'))::uuid, sequence_id, 0,
                   'EMAIL', 'ready', now() + n * interval '1 second', 0
            FROM step_job, generate_series(1, 20000) n;
            ANALYZE step_job;
            SET session_replication_role = DEFAULT;
            """
        );

        var plan = string.Join(
            '\n',
            await Database.ReadAll<string>(
                """
                EXPLAIN SELECT j.instance_id FROM unnest(ARRAY['00000000-0000-0000-0000-000000000003'::uuid]) AS turn (owner_id) CROSS JOIN LATERAL (
                  SELECT instance_id FROM step_job WHERE owner_id = turn.owner_id AND claimable AND state = 'ready' AND due_at <= now()
                  ORDER BY due_at, is_first, in_line_since, id LIMIT 4 FOR UPDATE SKIP LOCKED) j
                """
            )
        );

        plan.ShouldContain("ix_step_job_turn");
        plan.ShouldNotContain("Seq Scan on step_job");
        plan.ShouldNotContain("Sort");
    }

    private async Task BelongsToSomebodyElse(SequenceId sequence)
    {
        var other = Guid.CreateVersion7();
        await Database.Execute("INSERT INTO app_user (id, issuer, subject, created_at) VALUES ($1, 'urn:test', 'other', now())", other);
        foreach (var table in new[] { "instance", "step_job", "sequence_version" })
        {
            await Database.Execute($"UPDATE {table} SET owner_id = $1 WHERE sequence_id = $2", other, sequence.Value);
        }

        await Database.Execute("UPDATE sequence SET owner_id = $1 WHERE id = $2", other, sequence.Value);
    }
}
