using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Shared;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Engine;

public sealed class RetryTests(TestDatabase database) : EngineTest(database)
{
    private static readonly HttpAnswer Outage = new HttpAnswer.Status(500, FakeSendGrid.Error("try again"));

    [Fact]
    public async Task A_step_is_retried_after_1_2_4_8_and_16_seconds_and_then_fails()
    {
        SendGrid.Default = Outage;
        var node = await Worker();
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));
        List<double> delays = [];
        for (var failures = 1; failures <= 5; failures++)
        {
            await Failed(instance.Id, failures);
            delays.Add(
                await Database.Read<double>(
                    """
                    SELECT extract(epoch FROM j.due_at - a.finished_at)::float8
                    FROM step_job j JOIN attempt a ON a.step_job_id = j.id AND a.number = j.attempt WHERE j.instance_id = $1
                    """,
                    instance.Id
                )
            );
            await MakeDue(instance.Id);
        }

        var failed = await node.Becomes(instance.Id, "FAILED");

        delays.ShouldBe([1, 2, 4, 8, 16], tolerance: 0.000_01);
        SendGrid.Requests.ShouldBe(6);
        (await Database.Read<long>("SELECT count(*) FROM attempt WHERE status = 'RETRYABLE'")).ShouldBe(6);
        failed.Attempts.ShouldBe(6);
        failed.Attention.ShouldBe("failed");
        failed.LastError!.ShouldContain("try again");
        (await Story(node, instance.Id)).ShouldBe(["enrolled", "EMAIL failed"]);
        (await Database.Read<long>("SELECT count(*) FROM step_job")).ShouldBe(0);
    }

    [Fact]
    public async Task Jitter_adds_at_most_a_tenth()
    {
        SendGrid.Default = Outage;
        var node = await Worker(("Retry:Jitter", "0.1"));
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));

        await Failed(instance.Id, 1);

        var delay = await Database.Read<double>(
            "SELECT extract(epoch FROM j.due_at - a.finished_at)::float8 FROM step_job j JOIN attempt a ON a.step_job_id = j.id"
        );
        delay.ShouldBeInRange(1, 1.1);
    }

    [Fact]
    public async Task The_policy_is_configurable()
    {
        SendGrid.Default = Outage;
        var node = await Worker(("Retry:MaxRetries", "1"), ("Retry:BaseDelay", "10ms"));

        var instance = await node.Enroll(await node.Sequence(Steps.Email()));

        (await node.Becomes(instance.Id, "FAILED")).Attempts.ShouldBe(2);
    }

    [Fact]
    public async Task Each_step_starts_with_the_first_retry_delay()
    {
        SendGrid.Next(Outage, Outage, new HttpAnswer.Accept(), Outage);
        var node = await Worker(("Retry:BaseDelay", "10ms"), ("Retry:MaxRetries", "2"));

        var instance = await node.Enroll(await node.Sequence(Steps.Email("first"), Steps.Email("second")));

        await node.Becomes(instance.Id, "COMPLETED");
        SendGrid.Accepted.Select(m => m.Subject).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task A_Retry_After_beyond_the_backoff_is_respected()
    {
        SendGrid.Next(new HttpAnswer.Status(429, FakeSendGrid.Error("slow down"), ("Retry-After", "120")));
        var node = await Worker();
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));

        await Failed(instance.Id, 1);

        var delay = await Database.Read<double>(
            "SELECT extract(epoch FROM j.due_at - a.finished_at)::float8 FROM step_job j JOIN attempt a ON a.step_job_id = j.id"
        );
        delay.ShouldBe(120, tolerance: 1);
    }

    [Fact]
    public async Task A_permanent_rejection_fails_at_once_with_the_providers_message()
    {
        SendGrid.Default = new HttpAnswer.Status(400, FakeSendGrid.Error("The template is not allowed for hans@example.com"));
        var node = await Worker();

        var instance = await node.Enroll(await node.Sequence(Steps.Email()));

        var failed = await node.Becomes(instance.Id, "FAILED");
        failed.LastError!.ShouldContain("The template is not allowed");
        SendGrid.Requests.ShouldBe(1);
        var content = (await Timeline(node, instance.Id))[^1].Content.ToJsonString();
        content.ShouldContain("\"error\":\"sendgrid 400\"");
        failed.LastError!.ShouldNotContain("hans@example.com");
    }

    [Fact]
    public async Task An_invalid_address_stops_the_instance_and_is_suppressed()
    {
        SendGrid.Default = new HttpAnswer.Status(
            400,
            FakeSendGrid.Error("Does not contain a valid address.", "personalizations.0.to.0.email")
        );
        var node = await Worker();

        var instance = await node.Enroll(await node.Sequence(Steps.Email()), "unknown@example.com");

        (await node.Becomes(instance.Id, "STOPPED")).StopReason.ShouldBe("bounced");
        (await Database.Read<string>("SELECT address FROM suppression")).ShouldBe("unknown@example.com");
    }

    [Fact]
    public async Task A_failed_step_can_be_retried_skipped_or_stopped()
    {
        SendGrid.Next(
            new HttpAnswer.Status(400, FakeSendGrid.Error("no")),
            new HttpAnswer.Status(400, FakeSendGrid.Error("still no")),
            new HttpAnswer.Accept(),
            new HttpAnswer.Status(400, FakeSendGrid.Error("no again"))
        );
        var node = await Worker();
        var instance = await node.Enroll(await node.Sequence(Steps.Email("first"), Steps.Email("second"), Steps.Email("third")));
        await node.Becomes(instance.Id, "FAILED");

        await node.Do(new ActOnInstance(new(instance.Id), InstanceAction.Retry));
        await Called(2);
        await node.Becomes(instance.Id, "FAILED");
        await node.Do(new ActOnInstance(new(instance.Id), InstanceAction.Skip));
        await Called(4);
        await node.Becomes(instance.Id, "FAILED");
        await node.Do(new ActOnInstance(new(instance.Id), InstanceAction.Stop(FollowUp.Domain.Recipients.StopReason.Goal)));

        (await Story(node, instance.Id)).ShouldBe([
            "enrolled",
            "EMAIL failed",
            "retried",
            "EMAIL failed",
            "EMAIL skipped",
            "EMAIL sent",
            "EMAIL failed",
            "stopped",
        ]);
        SendGrid.Accepted.Select(m => m.Subject).ShouldBe(["second"]);
    }

    [Fact]
    public async Task A_failed_instance_cannot_continue_beside_a_newer_enrolment_of_the_same_recipient()
    {
        SendGrid.Next(new HttpAnswer.Status(400, FakeSendGrid.Error("no")));
        var node = await Worker();
        var sequence = await node.Sequence(Steps.Email(), Steps.WaitDays(1));
        var failed = await node.Enroll(sequence, "anna@example.com");
        await node.Becomes(failed.Id, "FAILED");
        await node.Enroll(sequence, "Anna@example.com");

        var retry = await node.Send(new ActOnInstance(new(failed.Id), InstanceAction.Retry));
        var skip = await node.Send(new ActOnInstance(new(failed.Id), InstanceAction.Skip));

        Error.Of(retry)!.ErrorCode.ShouldBe("alreadyEnrolled");
        Error.Of(skip)!.ErrorCode.ShouldBe("alreadyEnrolled");
    }

    private Task Failed(Guid instance, int times) =>
        Eventually.Holds(
            async () => await Database.Read<int>("SELECT attempts FROM instance WHERE id = $1", instance) >= times,
            $"{times} tries have failed"
        );
}
