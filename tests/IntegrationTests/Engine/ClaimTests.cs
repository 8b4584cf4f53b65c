using FollowUp.Application.Dispatch;
using FollowUp.Infrastructure.Outbox;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>How claims and write-backs pass each other by.</summary>
public sealed class ClaimTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task Among_steps_that_are_due_at_one_instant_a_claim_begins_where_the_last_one_did()
    {
        var node = await Idle();
        await node.EnrollMany(await node.Sequence(Steps.WaitDays(0)), 4);
        await Database.Execute("UPDATE step_job SET due_at = now() - interval '1 minute'");
        var outbox = node.Services.GetRequiredService<StepOutbox>();
        var mark = new LowWaterMark(TimeProvider.System, TimeSpan.FromHours(1));
        List<Guid> claimed = [];
        for (var i = 0; i < 2; i++)
        {
            claimed.Add((await outbox.Claim(1, CancellationToken.None, mark)).Steps.Single().Fence.JobId);
        }

        // It lies behind the mark now, ready, and as old as the others.
        await Database.Execute("UPDATE step_job SET state = 'ready', owner = NULL, lease_until = NULL WHERE id = $1", claimed[0]);
        claimed.Add((await outbox.Claim(1, CancellationToken.None, mark)).Steps.Single().Fence.JobId);
        var fromFront = (await outbox.Claim(1, CancellationToken.None)).Steps.Single().Fence.JobId;

        claimed.ShouldBe(claimed.Order());
        claimed.Distinct().Count().ShouldBe(3);
        fromFront.ShouldBe(claimed[0]);
    }

    [Fact]
    public async Task The_index_begins_at_the_place_where_a_claim_does()
    {
        var node = await Idle();
        var from = JobOrder
            .From.Replace("@from_due_at", "$1")
            .Replace("@from_is_first", "false")
            .Replace("@from_in_line_since", "$1")
            .Replace("@from_id", "$2");
        await using var command = node
            .Services.GetRequiredService<EngineDatabase>()
            .Connections.CreateCommand(
                $"""
                EXPLAIN SELECT instance_id FROM step_job
                WHERE claimable AND state = 'ready' AND due_at <= now() AND {from}
                ORDER BY {JobOrder.Sql} LIMIT 8 FOR UPDATE SKIP LOCKED
                """
            );
        command.Parameters.AddWithValue(DateTime.UtcNow);
        command.Parameters.AddWithValue(Guid.NewGuid());
        List<string> plan = [];
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            plan.Add(reader.GetString(0));
        }

        plan.ShouldContain(line => line.Contains("Index Cond") && line.Contains("ROW(due_at, is_first, in_line_since, id) >="));
        plan.ShouldNotContain(line => line.Contains("Sort"));
    }

    [Fact]
    public async Task Half_a_batch_that_waits_is_written_back_while_another_write_back_hangs()
    {
        const int many = 128;
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(0));
        await node.EnrollMany(sequence, many + 1);
        var outbox = node.Services.GetRequiredService<StepOutbox>();
        var first = (await outbox.Claim(1, CancellationToken.None)).Steps.Single();
        var others = (await outbox.Claim(many, CancellationToken.None)).Steps;
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var holding = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("SELECT 1 FROM instance WHERE id = $1 FOR UPDATE", connection, holding)
        {
            Parameters = { new() { Value = first.Instance.Id.Value } },
        };
        await hold.ExecuteNonQueryAsync();

        var hanging = node.Send(new ExecuteStep(first));
        await Eventually.Holds(async () => await Database.WaitingForLocks() > 0, "the first write-back waits");
        var written = await Task.WhenAll(others.Select(step => node.Send(new ExecuteStep(step)))).WaitAsync(TimeSpan.FromSeconds(30));

        written.ShouldAllBe(answer => answer.Value == WriteBack.Done);
        hanging.IsCompleted.ShouldBeFalse();
        await holding.CommitAsync();
        (await hanging).Value.ShouldBe(WriteBack.Done);
        (await Database.Read<long>("SELECT count(*) FROM instance WHERE status = 'COMPLETED'")).ShouldBe(many + 1);
    }
}
