using Ardalis.Result;
using FollowUp.Application.Dispatch;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.Infrastructure.Instances;
using FollowUp.Infrastructure.Persistence;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>Order and concurrency of claims and write-backs.</summary>
public sealed class ClaimTests(TestDatabase database) : EngineTest(database)
{
    /// <summary>An interval so long that no claim starts at the front by itself.</summary>
    private static readonly (string, string) RarelyFromFront = ("Dispatcher:PollInterval", "01:00:00");

    [Fact]
    public async Task Among_jobs_due_at_one_instant_a_claim_starts_where_the_last_one_did()
    {
        var node = await Idle(RarelyFromFront);
        await node.EnrollMany(await node.Sequence(Steps.WaitDays(0)), 4);
        await Database.Execute("UPDATE step_job SET due_at = now() - interval '1 minute'");

        var first = await Claim(node, 1);
        var second = await Claim(node, 1);
        await PutBack(first);
        var third = await Claim(node, 1);
        var fromFront = await Claim(node, 1, fromFront: true);

        Guid[] claimed = [.. first, .. second, .. third];
        claimed.ShouldBe(claimed.Order());
        claimed.ShouldBeUnique();
        fromFront.ShouldBe(first);
    }

    [Fact]
    public async Task Among_jobs_due_at_one_instant_a_claim_by_owner_starts_where_the_last_one_did()
    {
        var node = await Idle(RarelyFromFront);
        var (mine, theirs) = (await node.Sequence(Steps.WaitDays(0)), await node.Sequence(Steps.WaitDays(0)));
        await node.EnrollMany(mine, 5);
        await node.EnrollMany(theirs, 5);
        await GiveToAnotherUser(theirs);
        await Database.Execute("UPDATE step_job SET due_at = now() - interval '1 minute'");
        await Claim(node, 1); // Detects the backlog and the next owner.

        var first = await Claim(node, 2);
        var second = await Claim(node, 2);
        await PutBack(first);
        var third = await Claim(node, 2);
        var fromFront = await Claim(node, 2, fromFront: true);

        Guid[] claimed = [.. first, .. second, .. third];
        claimed.ShouldBeUnique();
        fromFront.ShouldBe(first, ignoreOrder: true);
        (await Database.Read<long>("SELECT count(DISTINCT owner_id) FROM step_job WHERE id = ANY ($1)", first)).ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_claims_index_scan_starts_at_its_position(bool manyJobs)
    {
        var plan = await Plan(
            manyJobs,
            $"SELECT 1 FROM step_job WHERE claimable AND state = 'ready' AND {JobOrder.DueFrom} ORDER BY {JobOrder.Sql} LIMIT 8"
        );

        plan.ShouldMatch(
            @"Index Scan using ix_step_job_claimable on step_job.*\n *Index Cond: .*ROW\(due_at, is_first, in_line_since, id\) >="
        );
        plan.ShouldNotContain("Sort");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_index_scan_of_a_claim_by_owner_starts_at_its_position(bool manyJobs)
    {
        var plan = await Plan(
            manyJobs,
            $"""
            SELECT j.* FROM (SELECT @owner AS owner_id, @from_due_at AS from_due_at, @from_is_first AS from_is_first,
                                    @from_in_line_since AS from_in_line_since, @from_id AS from_id FROM generate_series(1, 2)) served
            CROSS JOIN LATERAL (
              SELECT 1 FROM step_job WHERE claimable AND state = 'ready' AND {JobOrder.DueInRoundRobin} ORDER BY {JobOrder.OfOwners} LIMIT 8) j
            """
        );

        plan.ShouldMatch(
            @"Index Scan using ix_step_job_turn on step_job.*\n *Index Cond: .*ROW\(owner_id, due_at, .*\) >=.*ROW\(owner_id, due_at\) <="
        );
        plan.ShouldNotContain("Sort");
    }

    [Fact]
    public async Task A_waiting_half_batch_is_written_back_while_another_write_back_hangs()
    {
        const int many = 128;
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(0));
        await node.EnrollMany(sequence, many + 1);
        var outbox = node.Services.GetRequiredService<StepOutbox>();
        var first = (await outbox.Claim(1, CancellationToken.None)).Steps.Single();
        var others = (await outbox.Claim(many, CancellationToken.None)).Steps;
        Task<Result<WriteBack>> hanging;
        await using (var job = await HeldJob.Of(Database, first.Instance.Id.Value))
        {
            hanging = node.Send(new ExecuteStep(first));
            await job.Holds();
            var written = await Task.WhenAll(others.Select(step => node.Send(new ExecuteStep(step)))).WaitAsync(TimeSpan.FromSeconds(30));

            written.ShouldAllBe(answer => answer.Value == WriteBack.Done);
            hanging.IsCompleted.ShouldBeFalse();
        }

        (await hanging).Value.ShouldBe(WriteBack.Done);
        (await Database.Read<long>("SELECT count(*) FROM instance WHERE status = 'COMPLETED'")).ShouldBe(many + 1);
    }

    [Fact]
    public async Task A_lost_claim_and_its_successor_can_be_completed_in_one_batch()
    {
        var node = await Idle();
        await node.EnrollMany(await node.Sequence(Steps.WaitDays(0)), 2);
        var outbox = node.Services.GetRequiredService<StepOutbox>();
        var first = (await outbox.Claim(1, CancellationToken.None)).Steps.Single();
        var lost = (await outbox.Claim(1, CancellationToken.None)).Steps.Single();
        await PutBack([lost.Fence.JobId]);
        var held = (await outbox.Claim(1, CancellationToken.None)).Steps.Single();
        held.Fence.JobId.ShouldBe(lost.Fence.JobId);
        Task<Result<WriteBack>> hanging;
        Task<Result<WriteBack>[]> both;
        await using (var job = await HeldJob.Of(Database, first.Instance.Id.Value))
        {
            hanging = node.Send(new ExecuteStep(first));
            await job.Holds();
            both = Task.WhenAll(node.Send(new ExecuteStep(lost)), node.Send(new ExecuteStep(held)));
        }

        (await both).Select(answer => answer.Value).ShouldBe([WriteBack.LeaseLost, WriteBack.Done]);
        (await hanging).Value.ShouldBe(WriteBack.Done);
        (await Database.Read<long>("SELECT count(*) FROM follow_up_event WHERE type = 'completed'")).ShouldBe(2);
    }

    /// <summary>The plan of a statement, as the engine's connections make it.</summary>
    private async Task<string> Plan(bool manyJobs, string sql)
    {
        var node = await Idle();
        if (manyJobs)
        {
            await node.EnrollMany(await node.Sequence(Steps.Email()), 1);
            // Copies of the one job, without their instances.
            await Database.Execute(
                """
                SET session_replication_role = replica;
                INSERT INTO step_job (id, instance_id, owner_id, sequence_id, step_index, step_type, state, due_at, attempt, enqueued_at)
                SELECT gen_random_uuid(), gen_random_uuid(), ('00000000-0000-0000-0000-' || lpad((n % 20)::text, 12, '0'))::uuid, sequence_id, 0,
                       'EMAIL', 'ready', now() + n * interval '1 second', 0, now()
                FROM step_job, generate_series(1, 20000) n;
                ANALYZE step_job;
                SET session_replication_role = DEFAULT;
                """
            );
        }

        await using var command = node.Services.GetRequiredService<EngineDatabase>().Connections.CreateCommand($"EXPLAIN {sql}");
        JobSortKey.Of(DateTime.UtcNow).AddTo(command.Parameters);
        command.Parameters.AddWithValue("owner", Guid.NewGuid());
        List<string> plan = [];
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            plan.Add(reader.GetString(0));
        }

        return string.Join('\n', plan);
    }

    private static async Task<Guid[]> Claim(TestNode node, int lanes, bool fromFront = false)
    {
        var outbox = node.Services.GetRequiredService<StepOutbox>();
        var claim = await outbox.Claim(lanes, CancellationToken.None, fromFront);
        return [.. claim.Steps.Select(step => step.Fence.JobId)];
    }

    /// <summary>Makes jobs ready again with their previous due instants, before the mark.</summary>
    private async Task PutBack(Guid[] jobs) =>
        await Database.Execute("UPDATE step_job SET state = 'ready', owner = NULL, lease_until = NULL WHERE id = ANY ($1)", jobs);
}
