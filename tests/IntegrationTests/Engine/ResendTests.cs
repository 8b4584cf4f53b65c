using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Engine;

/// <summary><c>InDoubt:OnNoEvidence=resend</c> is bounded.</summary>
public sealed class ResendTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task A_step_in_doubt_is_resent_at_most_MaxRetries_times_and_then_needs_a_user()
    {
        SendGrid.Default = new HttpAnswer.AcceptThenReset();
        var node = await Worker(("InDoubt:OnNoEvidence", "resend"), ("InDoubt:Grace", "0s"), ("Retry:MaxRetries", "2"));
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));
        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM instance WHERE attempts = 3") == 1,
            "it was sent three times"
        );

        // The sweep no longer finds it, and a recovery of it changes nothing.
        await node.Do(new RecoverStep(new InstanceId(instance.Id)));
        var held = await node.Do(new GetInstance(new InstanceId(instance.Id)));

        SendGrid.Requests.ShouldBe(3);
        (held.Status, held.Attention).ShouldBe(("ACTIVE", "inDoubt"));
        (await Database.Read<string>("SELECT state FROM step_job")).ShouldBe("in_doubt");

        SendGrid.Default = new HttpAnswer.Accept();
        await node.Do(new ActOnInstance(new InstanceId(instance.Id), InstanceAction.Resolve(Resolution.Resend)));
        await node.Becomes(instance.Id, "COMPLETED");
        SendGrid.Requests.ShouldBe(4);
    }

    [Fact]
    public async Task A_held_step_does_not_block_the_sweep()
    {
        SendGrid.Next([.. Enumerable.Repeat(new HttpAnswer.AcceptThenReset(), 2)]);
        var node = await Worker(("InDoubt:OnNoEvidence", "resend"), ("InDoubt:Grace", "0s"), ("Retry:MaxRetries", "0"));
        var sequence = await node.Sequence(Steps.Email());
        var held = await node.Enroll(sequence);
        await Eventually.Holds(async () => await Database.Read<string>("SELECT state FROM step_job") == "in_doubt", "the step is held");
        var settled = await node.Enroll(sequence);
        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM step_job WHERE state = 'in_doubt'") == 2,
            "both are held"
        );

        await Database.Execute(
            "INSERT INTO provider_event SELECT gen_random_uuid(), owner_id, 'sendgrid', 'e1', id, 'processed', '{}', now() FROM attempt WHERE instance_id = $1",
            settled.Id
        );

        await node.Becomes(settled.Id, "COMPLETED");
        (await node.Do(new GetInstance(new InstanceId(held.Id)))).Attention.ShouldBe("inDoubt");
        SendGrid.Requests.ShouldBe(2);
    }
}
