using FollowUp.Infrastructure.Outbox;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>The jobs of users whose block has ended.</summary>
public sealed class BlockedOwnersTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task A_sweep_releases_one_batch_and_leaves_the_jobs_of_blocked_users_parked()
    {
        var node = await Idle();
        await node.EnrollMany(await node.Sequence(Steps.Email()), 1_100);
        var blocked = await node.Sequence(Steps.Email());
        await node.EnrollMany(blocked, 5);
        await BelongsToSomebodyElse(blocked);
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
}
