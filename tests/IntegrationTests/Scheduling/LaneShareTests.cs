using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Scheduling;

/// <summary>An owner whose steps each hold a lane for long does not hold all lanes while others wait.</summary>
public sealed class LaneShareTests(TestDatabase database) : EngineTest(database)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Slow_steps_of_one_owner_leave_lanes_to_other_owners(bool afterAnOutage)
    {
        // The provider answers nothing about the slow ones until the test has ended.
        SendGrid.Decide = body => body.Contains("slow") ? new HttpAnswer.AcceptThenNeverAnswer() : null;
        var node = await Idle(
            ("Dispatcher:Lanes", "4"),
            ("Dispatcher:RecoveryPerSecond", "1000000"),
            ("Dispatcher:Lease", "10m"),
            ("Delivery:CallTimeout", "5m"),
            ("Dispatcher:DrainTimeout", "1ms")
        );
        var (slow, quick) = (await node.Sequence(Steps.Email("slow")), await node.Sequence(Steps.Email("quick")));
        await node.EnrollMany(slow, 50);
        await node.EnrollMany(quick, 50);
        // The first claim does not know yet who waits, and takes the oldest.
        await Database.Execute("UPDATE step_job SET due_at = now() - interval '1 hour' WHERE sequence_id = $1", quick.Value);
        await GiveToAnotherUser(quick);
        if (afterAnOutage)
        {
            await Database.Execute("UPDATE channel_breaker SET backlog_until = now(), paced_until = now() WHERE channel = 'EMAIL'");
        }

        await node.Start();
        await Eventually.Holds(
            () => Task.FromResult(SendGrid.Accepted.Count(m => m.Subject == "quick") == 50),
            "the other owner's steps are sent"
        );

        SendGrid.Accepted.Count(m => m.Subject == "slow").ShouldBeInRange(1, 4);
    }
}
