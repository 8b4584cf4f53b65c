using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>A step whose rows another transaction has locked is written when they are free, and delays no other step.</summary>
public sealed class LockedWriteBackTests(TestDatabase database) : EngineTest(database)
{
    /// <summary>Shorter than the driver's command timeout, after which a blocked write-back would continue.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    [Theory]
    [InlineData(30)]
    [InlineData(1)]
    public async Task A_locked_instance_delays_the_write_back_of_no_other_step(int commandTimeout)
    {
        var node = await Idle(("ConnectionStrings:FollowUp", $"{Database.ConnectionString};Command Timeout={commandTimeout}"));
        var steps = await Claimed(node, 16);
        await using var lockedInstance = await Locks.Take(Database, steps[8].Instance.Id.Value);

        var locked = node.Send(new ExecuteStep(steps[8]));
        var others = Task.WhenAll(steps.Where(step => step != steps[8]).Select(step => node.Send(new ExecuteStep(step))));

        (await others.WaitAsync(Patience)).ShouldAllBe(answer => answer.Value == WriteBack.Done);
        locked.IsCompleted.ShouldBeFalse();
        await lockedInstance.Release();
        (await locked).Value.ShouldBe(WriteBack.Done);
        (await Database.Read<long>("SELECT count(*) FROM follow_up_event WHERE status = 'completed'")).ShouldBe(16);
    }

    [Fact]
    public async Task A_step_whose_lease_is_lost_while_its_instance_is_locked_is_not_written()
    {
        var node = await Idle();
        var step = (await Claimed(node, 1)).Single();
        await using var lockedInstance = await Locks.Take(Database, step.Instance.Id.Value);

        var locked = node.Send(new ExecuteStep(step));
        await Eventually.Holds(
            async () =>
                await Database.Read<bool>(
                    """
                    SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                                     AND query LIKE '%AS d (instance_id, job_id, claim) JOIN step_job%')
                    """
                ),
            "a write-back has skipped it"
        );
        await Database.Execute("UPDATE step_job SET attempt = attempt + 1");

        (await locked.WaitAsync(Patience)).Value.ShouldBe(WriteBack.LeaseLost);
        await lockedInstance.Release();
        (await Database.Read<int>("SELECT current_step FROM instance")).ShouldBe(0);
    }

    [Fact]
    public async Task A_suppression_that_another_transaction_is_storing_delays_the_write_back_of_no_other_step()
    {
        var node = await Idle();
        var steps = await Claimed(node, 2);
        await using var storing = await Locks.Take(
            Database,
            steps[0].Instance.OwnerId.Value,
            """
            INSERT INTO suppression (id, owner_id, channel, address, reason, source, created_at)
            VALUES (gen_random_uuid(), $1, 'EMAIL', 'bounced@example.com', 'manual', 'user', now())
            """
        );

        var bounced = Complete(node, steps[0], "bounced@example.com");
        var other = Complete(node, steps[1], suppressed: null);

        (await other.WaitAsync(Patience)).ShouldBe(WriteBack.Done);
        bounced.IsCompleted.ShouldBeFalse();
        await storing.Release();
        (await bounced).ShouldBe(WriteBack.Done);
        (await Database.Read<string>("SELECT reason FROM suppression")).ShouldBe("manual");
    }

    /// <summary>Claimed steps, in the order of their instances.</summary>
    private static async Task<List<ClaimedStep>> Claimed(TestNode node, int count)
    {
        await node.EnrollMany(await node.Sequence(Steps.WaitDays(0), Steps.WaitDays(1)), count);
        var steps = (await node.Services.GetRequiredService<StepOutbox>().Claim(count, CancellationToken.None)).Steps;
        steps.Count.ShouldBe(count);
        return [.. steps.OrderBy(step => step.Instance.Id.Value)];
    }

    private static Task<WriteBack> Complete(TestNode node, ClaimedStep step, string? suppressed)
    {
        var (owner, now) = (step.Instance.OwnerId, step.ClaimedAt);
        step.Instance.Apply(
            new StepOutcome.WaitOver(),
            new([WaitStep.OfDays(0)!, WaitStep.OfDays(1)!]),
            new OutcomeRules(RetryPolicy.Default, 0, TimeSpan.Zero),
            now
        );
        var events = step.Instance.TakeEvents().Cast<FollowUpEvent>().ToList();
        var suppression = suppressed is null
            ? null
            : Suppression.Create(owner, Channel.Email, suppressed, StopReason.Bounced, SuppressionSource.Provider, now);
        return node
            .Services.GetRequiredService<StepOutbox>()
            .Complete(new StepCompletion(step, step.Instance, events, now, null, null, suppression), CancellationToken.None);
    }
}
