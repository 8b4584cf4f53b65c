using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Log;

/// <summary>A timeline with more events than are read at once.</summary>
public sealed class LongTimelineTests(TestDatabase database) : EngineTest(database)
{
    /// <summary>How many events the check reads at once.</summary>
    private const int Page = 200;

    [Fact]
    public async Task Verification_covers_all_pages_of_a_long_timeline()
    {
        var node = await Idle();
        var instance = await node.Enroll(await node.Sequence(Steps.WaitDays(1)));
        for (var i = 0; i < (Page / 2) + 3; i++)
        {
            await node.Do(new ActOnInstance(new(instance.Id), InstanceAction.Pause));
            await node.Do(new ActOnInstance(new(instance.Id), InstanceAction.Resume()));
        }

        var intact = await node.Do(new VerifyTimeline(new InstanceId(instance.Id)));
        await Database.Execute("ALTER TABLE follow_up_event DISABLE TRIGGER USER");
        await Database.Execute("UPDATE follow_up_event SET type = 'resumed' WHERE number = (SELECT max(number) - 1 FROM follow_up_event)");
        var altered = await node.Do(new VerifyTimeline(new InstanceId(instance.Id)));
        await Database.Execute("DELETE FROM follow_up_event WHERE number = (SELECT max(number) - 1 FROM follow_up_event)");
        var missing = await node.Do(new VerifyTimeline(new InstanceId(instance.Id)));
        await Database.Execute("ALTER TABLE follow_up_event ENABLE TRIGGER USER");

        (intact.Events, intact.Intact).ShouldBe((Page + 7, true));
        altered.Findings.ShouldBe(["chainBroken"]);
        missing.Findings.ShouldBe(["eventsMissing", "chainBroken"]);
    }
}
