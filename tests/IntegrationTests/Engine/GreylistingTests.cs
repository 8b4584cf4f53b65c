using FollowUp.Application.Preview;
using FollowUp.Domain.Instances;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>Mails that a server defers (SMTP 4yz) are retried for hours.</summary>
public sealed class GreylistingTests(TestDatabase database) : EngineTest(database)
{
    private static readonly SmtpAnswer Later = new SmtpAnswer.Reply(SmtpStage.RcptTo, "451 4.7.1 Greylisted, try again in 300 seconds");

    [Fact]
    public async Task A_greylisted_mail_is_sent_by_a_later_attempt()
    {
        await using var smtp = FakeSmtp.Start();
        smtp.Next(Later, Later);
        var node = await Worker(("Email:Provider", "smtp"), ("Smtp:Host", "127.0.0.1"), ("Smtp:Port", $"{smtp.Port}"));
        var instance = await node.Enroll(await node.Sequence(Steps.Email()));

        List<double> waits = [];
        for (var deferral = 1; deferral <= 2; deferral++)
        {
            await Deferred(deferral);
            waits.Add(await Database.Read<double>("SELECT extract(epoch FROM due_at - now())::float8 / 60 FROM step_job"));
            var why = await node.Do(new ExplainInstance(new InstanceId(instance.Id)));
            (why.WaitingFor.Reason, why.WaitingFor.Because).ShouldBe(("time", "deferred"));
            why.Next!.Moved.ShouldHaveSingleItem().Reason.ShouldBe("deferred");
            await Database.Travel(TimeSpan.FromMinutes(15));
        }

        await node.Becomes(instance.Id, "COMPLETED");
        waits[0].ShouldBe(5, tolerance: 0.2);
        waits[1].ShouldBe(15, tolerance: 0.2);
        smtp.Accepted.Count.ShouldBe(1);
        (await Story(node, instance.Id)).ShouldBe(["enrolled", "EMAIL sent", "completed"]);
    }

    [Fact]
    public async Task The_retry_schedule_is_configurable_and_its_end_fails_the_step_with_the_servers_message()
    {
        await using var smtp = FakeSmtp.Start();
        smtp.Default = Later;
        var node = await Worker(
            ("Email:Provider", "smtp"),
            ("Smtp:Host", "127.0.0.1"),
            ("Smtp:Port", $"{smtp.Port}"),
            ("Smtp:RetrySchedule", "1ms, 2ms"),
            ("Retry:MaxRetries", "0")
        );

        var instance = await node.Enroll(await node.Sequence(Steps.Email()));

        var failed = await node.Becomes(instance.Id, "FAILED");
        (failed.Attempts, failed.Attention).ShouldBe((3, "failed"));
        failed.LastError.ShouldBe("The SMTP server answered 451: 4.7.1 Greylisted, try again in 300 seconds");
        (await Timeline(node, instance.Id))[^1].Content["error"]!.ToString().ShouldBe("smtp 451 4.7.1");
    }

    private Task Deferred(int times) =>
        Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM instance WHERE deferrals = $1", times) == 1,
            $"the server has said later {times} times"
        );
}
