using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Engine;

public sealed partial class PromiseTests
{
    [Fact]
    public async Task A_step_whose_worker_crashed_during_the_send_is_in_doubt_and_not_resent()
    {
        var node = await Idle();
        var instance = await node.Enroll(await node.Sequence(Steps.Email("first"), Steps.Email("second")));
        await node.Services.GetRequiredService<StepOutbox>().Claim(1, CancellationToken.None);
        await Database.Travel(TimeSpan.FromMinutes(2));

        var worker = await Worker();
        await Eventually.Holds(async () => await Database.Read<string>("SELECT state FROM step_job") == "in_doubt", "the step is in doubt");
        var doubtful = await worker.Do(new GetInstance(new(instance.Id)));

        doubtful.Status.ShouldBe("ACTIVE");
        doubtful.Attention.ShouldBe("inDoubt");
        doubtful.NextDueAt.ShouldBeNull();
        SendGrid.Requests.ShouldBe(0);
        (await Database.Read<string>("SELECT status FROM attempt")).ShouldBe("IN_DOUBT");
        (await Story(worker, instance.Id)).ShouldBe(["enrolled", "inDoubt"]);
    }

    [Fact]
    public async Task A_step_that_failed_before_the_provider_call_is_retried_and_not_in_doubt()
    {
        var idle = await Idle();
        var instance = await idle.Enroll(await idle.Sequence(Steps.Email()));
        await Database.Execute("ALTER TABLE sequence_version RENAME TO out_of_reach");
        var worker = await Worker();
        await Eventually.Holds(
            async () =>
                TestLog.Says($"Could not carry out a step of instance {instance.Id}")
                && await Database.Read<long>("SELECT (SELECT count(*) FROM step_job WHERE attempt = 1) - (SELECT count(*) FROM attempt)")
                    == 1,
            "the step has failed, and its attempt is gone"
        );

        await Database.Execute("ALTER TABLE out_of_reach RENAME TO sequence_version");
        await Database.Travel(TimeSpan.FromMinutes(2));

        await worker.Becomes(instance.Id, "COMPLETED");
        SendGrid.Requests.ShouldBe(1);
        (await Story(worker, instance.Id)).ShouldBe(["enrolled", "EMAIL sent", "completed"]);
    }

    [Fact]
    public async Task A_step_that_failed_after_the_provider_call_is_in_doubt_and_not_resent()
    {
        var worker = await Worker();
        await Database.Execute("ALTER TABLE message RENAME TO out_of_reach");
        var instance = await worker.Enroll(await worker.Sequence(Steps.Email()));
        await Eventually.Holds(
            () => Task.FromResult(TestLog.Says($"Could not carry out a step of instance {instance.Id}")),
            "the mail is sent, and its write-back has failed"
        );

        await Database.Execute("ALTER TABLE out_of_reach RENAME TO message");
        await Database.Travel(TimeSpan.FromMinutes(2));

        await Eventually.Holds(async () => await Database.Read<string>("SELECT state FROM step_job") == "in_doubt", "the step is in doubt");
        SendGrid.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task A_wait_step_whose_worker_crashed_is_ready_again_and_the_crash_counts_as_an_attempt()
    {
        var node = await Idle();
        var instance = await node.Enroll(await node.Sequence(Steps.WaitDays(0)));
        await node.Services.GetRequiredService<StepOutbox>().Claim(1, CancellationToken.None);
        await Database.Travel(TimeSpan.FromMinutes(2));

        await node.Do(new RecoverStep(new(instance.Id)));

        (await Database.Read<string>("SELECT state FROM step_job")).ShouldBe("ready");
        (await Database.Read<int>("SELECT attempts FROM instance")).ShouldBe(1);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("timeout")]
    public async Task A_call_with_an_unknown_outcome_is_in_doubt_until_a_user_resolves_it(string kind)
    {
        SendGrid.Next(kind == "reset" ? new HttpAnswer.AcceptThenReset() : new HttpAnswer.AcceptThenNeverAnswer());
        var node = await Worker(("Delivery:CallTimeout", "300ms"), ("Delivery:ConnectTimeout", "200ms"));
        var sent = await node.Enroll(await node.Sequence(Steps.Email("first"), Steps.Email("second")));
        await Eventually.Holds(async () => await Database.Read<string>("SELECT state FROM step_job") == "in_doubt", "the step is in doubt");

        await node.Do(new ActOnInstance(new(sent.Id), InstanceAction.Resolve(Resolution.Sent)));

        await node.Becomes(sent.Id, "COMPLETED");
        SendGrid.Accepted.Select(m => m.Subject).ShouldBe(["first", "second"]);
        (await Story(node, sent.Id)).ShouldBe(["enrolled", "inDoubt", "resolved", "EMAIL sent", "EMAIL sent", "completed"]);
    }

    [Fact]
    public async Task A_step_in_doubt_is_resent_after_the_grace_period_only_if_configured()
    {
        SendGrid.Next(new HttpAnswer.AcceptThenReset());
        var holding = await Worker(("InDoubt:Grace", "0s"));
        var instance = await holding.Enroll(await holding.Sequence(Steps.Email()));
        await Eventually.Holds(async () => await Database.Read<string>("SELECT state FROM step_job") == "in_doubt", "the step is in doubt");
        await Task.Delay(300); // Three sweeps.
        var held = SendGrid.Requests;
        await holding.Stop();

        var resending = await Worker(("InDoubt:Grace", "0s"), ("InDoubt:OnNoEvidence", "resend"));

        await resending.Becomes(instance.Id, "COMPLETED");
        held.ShouldBe(1);
        SendGrid.Requests.ShouldBe(2);
        (await Timeline(resending, instance.Id)).Single(e => e.Type == "resolved").Content["by"]!.ToString().ShouldBe("policy");
    }

    [Fact]
    public async Task A_provider_event_resolves_a_step_in_doubt()
    {
        SendGrid.Next(new HttpAnswer.AcceptThenReset());
        var node = await Worker();
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));
        await Eventually.Holds(async () => await Database.Read<string>("SELECT state FROM step_job") == "in_doubt", "the step is in doubt");

        await Database.Execute(
            "INSERT INTO provider_event SELECT gen_random_uuid(), owner_id, 'sendgrid', 'e1', id, 'processed', '{}', now() FROM attempt"
        );

        await node.Becomes(instance.Id, "COMPLETED");
        SendGrid.Requests.ShouldBe(1);
        (await Timeline(node, instance.Id)).Single(e => e.Type == "resolved").Actor.Kind.ShouldBe("provider");
    }
}
