using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Scheduling;

public sealed class FairnessTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task An_owner_with_thousands_of_older_steps_does_not_delay_another_owner()
    {
        SendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(5));
        var idle = await Idle();
        var (big, small) = (await idle.Sequence(Steps.Email("big")), await idle.Sequence(Steps.Email("small")));
        await idle.EnrollMany(big, 2_000);
        await idle.EnrollMany(small, 6);
        await Database.Execute("UPDATE step_job SET due_at = due_at - interval '1 hour' WHERE sequence_id = $1", big.Value);
        await GiveToAnotherUser(small);

        await Worker(("Dispatcher:Lanes", "2"));
        await Eventually.Holds(
            () => Task.FromResult(SendGrid.Accepted.Count(m => m.Subject == "small") == 6),
            "all of the small one's went out"
        );

        SendGrid.Accepted.Count.ShouldBeLessThan(1_000);
        SendGrid.Accepted.Where(m => m.Subject == "big").ShouldNotBeEmpty();
    }
}
