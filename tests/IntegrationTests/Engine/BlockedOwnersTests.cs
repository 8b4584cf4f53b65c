using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>The jobs of users whose block has ended.</summary>
public sealed class BlockedOwnersTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task A_sweep_releases_one_batch_and_keeps_jobs_of_blocked_users_parked()
    {
        var node = await Idle();
        await node.EnrollMany(await node.Sequence(Steps.Email()), 1_100);
        var blocked = await node.Sequence(Steps.Email());
        await node.EnrollMany(blocked, 5);
        await GiveToAnotherUser(blocked);
        await Database.Execute("UPDATE step_job SET state = 'parked', park_reason = 'ownerBlocked', parked_at = now()");
        await Database.Execute(
            "INSERT INTO blocked_owner (owner_id, blocked_by) SELECT owner_id, owner_id FROM sequence WHERE id = $1",
            blocked.Value
        );
        var owners = node.Services.GetRequiredService<BlockedOwners>();

        List<int> released = [];
        for (var sweep = 0; sweep < 3; sweep++)
        {
            released.Add(await owners.Release(CancellationToken.None));
        }

        released.ShouldBe([1_000, 100, 0]);
        (await Database.Read<long>("SELECT count(*) FROM step_job WHERE park_reason = 'ownerBlocked'")).ShouldBe(5);
    }

    [Fact]
    public async Task A_sweep_divides_its_batch_among_the_users()
    {
        var node = await Idle();
        SequenceId[] sequences =
        [
            await node.Sequence(Steps.Email()),
            await node.Sequence(Steps.Email()),
            await node.Sequence(Steps.Email()),
        ];
        foreach (var sequence in sequences)
        {
            await node.EnrollMany(sequence, sequence == sequences[1] ? 10 : 1_100);
            await GiveToAnotherUser(sequence);
        }

        await Database.Execute("UPDATE step_job SET state = 'parked', park_reason = 'ownerBlocked', parked_at = now()");
        var owners = node.Services.GetRequiredService<BlockedOwners>();

        var first = await owners.Release(CancellationToken.None);
        var after = await Released(sequences);
        while (await owners.Release(CancellationToken.None) > 0) { }

        // A third of the batch, all that there is, and the rest of the batch.
        first.ShouldBe(1_000);
        after.ShouldBe([333, 10, 657]);
        (await Released(sequences)).ShouldBe([1_100, 10, 1_100]);
    }

    [Fact]
    public async Task A_user_after_many_others_is_served_in_the_next_sweep()
    {
        const int users = 101;
        var node = await Idle();
        var sequence = await node.Sequence(Steps.Email());
        await node.EnrollMany(sequence, users * 11);
        await Database.Execute(
            """
            UPDATE step_job SET state = 'parked', park_reason = 'ownerBlocked', parked_at = now(),
                   owner_id = ('0195f000-0000-7000-8000-' || lpad((place % $1)::text, 12, '0'))::uuid
            FROM (SELECT instance_id AS instance, row_number() OVER () AS place FROM step_job) numbered WHERE instance = instance_id
            """,
            users
        );
        await Database.Execute(
            "INSERT INTO app_user (id, issuer, subject, created_at) SELECT DISTINCT owner_id, 'urn:test', owner_id::text, now() FROM step_job ON CONFLICT DO NOTHING"
        );
        var owners = node.Services.GetRequiredService<BlockedOwners>();

        await owners.Release(CancellationToken.None);
        var without = await Served();
        await owners.Release(CancellationToken.None);

        (without, await Served()).ShouldBe((users - 1, users));

        async Task<long> Served() => await Database.Read<long>("SELECT count(DISTINCT owner_id) FROM step_job WHERE park_reason IS NULL");
    }

    private async Task<List<long>> Released(SequenceId[] sequences)
    {
        List<long> released = [];
        foreach (var sequence in sequences)
        {
            released.Add(
                await Database.Read<long>("SELECT count(*) FROM step_job WHERE sequence_id = $1 AND park_reason IS NULL", sequence.Value)
            );
        }

        return released;
    }

    [Fact]
    public async Task Overdue_steps_of_an_unblocked_user_are_spread_at_one_rate_over_all_sweeps_and_nodes()
    {
        const int many = 2_500;
        var node = await Idle(("Dispatcher:BacklogPerSecond", "50"));
        var other = await Idle(("Dispatcher:BacklogPerSecond", "50"));
        await node.EnrollMany(await node.Sequence(Steps.Email()), many);
        await Database.Execute(
            """
            UPDATE step_job SET state = 'parked', park_reason = 'ownerBlocked', parked_at = now(), due_at = now() - random() * interval '1 day'
            """
        );
        await Database.Execute("CREATE TABLE before AS SELECT instance_id, due_at, id FROM step_job");
        BlockedOwners[] nodes = [node.Services.GetRequiredService<BlockedOwners>(), other.Services.GetRequiredService<BlockedOwners>()];

        for (var sweep = 0; await nodes[sweep % 2].Release(CancellationToken.None) > 0; sweep++) { }

        (
            await Database.Read<long>(
                """
                SELECT max(together) FROM (
                  SELECT count(*) OVER (ORDER BY due_at RANGE BETWEEN CURRENT ROW AND interval '1 second' FOLLOWING) AS together
                  FROM step_job) AS second
                """
            )
        ).ShouldBeLessThanOrEqualTo(51);
        (await Database.Read<double>("SELECT extract(epoch FROM max(due_at) - min(due_at))::float8 FROM step_job")).ShouldBe(
            (many - 1) / 50.0,
            tolerance: 0.1
        );
        (
            await Database.Read<bool>(
                """
                SELECT bool_and(rank = old) FROM (
                  SELECT row_number() OVER (ORDER BY j.due_at) AS rank, row_number() OVER (ORDER BY b.due_at, b.id) AS old
                  FROM step_job j JOIN before b USING (instance_id)) places
                """
            )
        ).ShouldBeTrue("the old order");
        await Database.Execute("DROP TABLE before");
    }
}
