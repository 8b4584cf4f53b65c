using Ardalis.Result;
using FollowUp.Application.Dispatch;
using FollowUp.Application.Sequences;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>Statements that lock several rows keep one order, so that they cannot deadlock.</summary>
public sealed class LockOrderTests(TestDatabase database) : EngineTest(database)
{
    private const string LockJob = "SELECT 1 FROM step_job WHERE instance_id = $1 FOR UPDATE";

    [Fact]
    public async Task Releasing_claims_locks_jobs_in_the_order_of_instances()
    {
        var node = await Idle();
        await node.EnrollMany(await node.Sequence(Steps.WaitDays(0)), 2);
        var outbox = node.Services.GetRequiredService<StepOutbox>();
        var steps = (await outbox.Claim(2, CancellationToken.None)).Steps.OrderByDescending(step => step.Instance.Id.Value).ToList();
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var other = await connection.BeginTransactionAsync();
        await Run(connection, LockJob, steps[1].Instance.Id.Value);

        var givingBack = outbox.GiveBack(steps, CancellationToken.None);
        await Eventually.Holds(async () => await Database.WaitingForLocks() > 0, "it waits for the first job");
        await Run(connection, LockJob, steps[0].Instance.Id.Value);
        await other.CommitAsync();

        await givingBack;
        (await Database.Read<long>("SELECT count(*) FROM step_job WHERE state = 'ready'")).ShouldBe(2);
    }

    [Fact]
    public async Task Deleting_a_sequence_locks_jobs_in_the_order_of_instances()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(1));
        await node.EnrollMany(sequence, 2);
        var ids = await Database.ReadAll<Guid>("SELECT id FROM instance ORDER BY id");
        // The later one comes first in the order of the deletion, which is by status.
        await Database.Execute("UPDATE instance SET status = 'PAUSED' WHERE id = $1", ids[0]);
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var other = await connection.BeginTransactionAsync();
        await Run(connection, LockJob, ids[0]);

        var deleting = node.Send(new DeleteSequence(sequence, null));
        await Eventually.Holds(async () => await Database.WaitingForLocks() > 0, "it waits for the first job");
        // Fails if the deletion has locked the other job first. Waiting would deadlock, and the deletion would be retried unnoticed.
        await Run(connection, $"{LockJob} NOWAIT", ids[1]);
        await other.CommitAsync();

        (await deleting).IsSuccess.ShouldBeTrue();
        (await Database.Read<long>("SELECT count(*) FROM step_job")).ShouldBe(0);
    }

    [Fact]
    public async Task A_write_back_locks_all_its_instances_before_the_first_job()
    {
        var node = await Idle();
        await node.EnrollMany(await node.Sequence(Steps.WaitDays(0)), 3);
        var outbox = node.Services.GetRequiredService<StepOutbox>();
        var steps = (await outbox.Claim(4, CancellationToken.None)).Steps.OrderBy(step => step.Instance.Id.Value).ToList();
        if (steps.Count < 3)
        {
            steps.AddRange((await outbox.Claim(1, CancellationToken.None)).Steps);
        }

        steps.Count.ShouldBe(3);
        steps = [.. steps.OrderBy(step => step.Instance.Id.Value)];
        Task<Result<WriteBack>> alone;
        Task<Result<WriteBack>[]> together;
        await using (var firstJob = await HeldJob.Of(Database, steps[0].Instance.Id.Value))
        {
            // The other two are written together, as soon as the first write-back is done.
            alone = node.Send(new ExecuteStep(steps[0]));
            await firstJob.Holds();
            together = Task.WhenAll(node.Send(new ExecuteStep(steps[1])), node.Send(new ExecuteStep(steps[2])));
            await firstJob.Continue(until: steps[1].Instance.Id.Value);
            (await alone).Value.ShouldBe(WriteBack.Done);
            await firstJob.Holds();

            var free = await Database.ReadAll<Guid>("SELECT id FROM instance FOR UPDATE SKIP LOCKED");

            free.ShouldBe([steps[0].Instance.Id.Value], "it has locked its last instance before its first job");
        }

        (await together).ShouldAllBe(answer => answer.Value == WriteBack.Done);
    }

    private static async Task Run(NpgsqlConnection connection, string sql, Guid id)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = id });
        await command.ExecuteNonQueryAsync();
    }
}
