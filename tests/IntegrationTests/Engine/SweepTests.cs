using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>A step or sequence that a sweep cannot recover does not affect the others.</summary>
public sealed class SweepTests(TestDatabase database) : EngineTest(database)
{
    [Theory]
    [InlineData("SELECT 1 FROM instance WHERE id = $1 FOR UPDATE")]
    [InlineData("SELECT 1 FROM step_job WHERE instance_id = $1 FOR UPDATE")]
    public async Task A_locked_step_delays_neither_the_recovery_of_others_nor_the_release_of_parked_jobs(string locking)
    {
        var node = await Impatient();
        var sequence = await node.Sequence(Steps.WaitDays(0), Steps.WaitDays(1));
        var (locked, abandoned, parked) = (await node.Enroll(sequence), await node.Enroll(sequence), await node.Enroll(sequence));
        await Park(parked.Id, "ownerBlocked");
        (await node.Services.GetRequiredService<StepOutbox>().Claim(2, CancellationToken.None)).Steps.Count.ShouldBe(2);
        await Database.Execute("UPDATE step_job SET lease_until = now() - interval '2 hours' WHERE instance_id = $1", locked.Id);
        await Database.Execute("UPDATE step_job SET lease_until = now() - interval '1 hour' WHERE instance_id = $1", abandoned.Id);
        await using var locks = await Locks.Take(Database, locked.Id, locking);

        await node.Start();

        await CurrentStep(abandoned.Id, 1);
        await CurrentStep(parked.Id, 1);
        (await Database.Read<int>("SELECT current_step FROM instance WHERE id = $1", locked.Id)).ShouldBe(0);
        await locks.Release();
        await CurrentStep(locked.Id, 1);
    }

    [Fact]
    public async Task A_sequence_whose_parked_jobs_cannot_be_released_does_not_delay_other_releases()
    {
        var node = await Impatient();
        SequenceId[] sequences = [await Waiting(), await Waiting(), await Waiting()];
        var instances = new List<Guid>();
        foreach (var sequence in sequences.OrderBy(id => id.Value))
        {
            instances.Add((await node.Enroll(sequence)).Id);
            await Park(instances[^1], instances.Count < 3 ? "sequenceDisabled" : "ownerBlocked");
        }

        await Database.Execute(
            $"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF NEW.target_id = '{sequences.Min(id => id.Value)}' THEN RAISE EXCEPTION 'refused'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON operation FOR EACH ROW EXECUTE FUNCTION refuse();
            """
        );
        try
        {
            await node.Start();

            await CurrentStep(instances[1], 1);
            await CurrentStep(instances[2], 1);
        }
        finally
        {
            await Database.Execute("DROP FUNCTION refuse() CASCADE");
        }

        await CurrentStep(instances[0], 1);

        Task<SequenceId> Waiting() => node.Sequence(Steps.WaitDays(0), Steps.WaitDays(1));
    }

    [Fact]
    public async Task A_user_whose_jobs_cannot_be_released_does_not_delay_other_users()
    {
        var node = await Impatient();
        var (first, second) = (await node.Sequence(Steps.WaitDays(0)), await node.Sequence(Steps.WaitDays(0)));
        await node.Enroll(first);
        await node.Enroll(second);
        await GiveToAnotherUser(second);
        await Database.Execute("UPDATE step_job SET state = 'parked', park_reason = 'ownerBlocked', parked_at = now()");
        var owner = await Database.Read<Guid>("SELECT owner_id FROM step_job ORDER BY owner_id LIMIT 1");
        var owners = node.Services.GetRequiredService<BlockedOwners>();
        await using var pace = await Locks.Take(Database, owner, "INSERT INTO release_pace (owner_id, next_slot) VALUES ($1, now())");

        await Should.ThrowAsync<Exception>(() => owners.Release(CancellationToken.None));
        await Should.ThrowAsync<Exception>(() => owners.Release(CancellationToken.None));

        (await Database.Read<Guid>("SELECT owner_id FROM step_job WHERE park_reason IS NOT NULL")).ShouldBe(owner);
        (await Database.Read<long>("SELECT count(*) FROM step_job WHERE park_reason IS NULL")).ShouldBe(1);
    }

    /// <summary>A node whose statements time out after a second.</summary>
    private Task<TestNode> Impatient() => Idle(("ConnectionStrings:FollowUp", $"{Database.ConnectionString};Command Timeout=1"));

    private Task<int> Park(Guid instance, string reason) =>
        Database.Execute(
            "UPDATE step_job SET state = 'parked', park_reason = $2, parked_at = now() WHERE instance_id = $1",
            instance,
            reason
        );

    private Task CurrentStep(Guid instance, int step) =>
        Eventually.Holds(
            async () => await Database.Read<int>("SELECT current_step FROM instance WHERE id = $1", instance) == step,
            "the step is carried out"
        );
}
