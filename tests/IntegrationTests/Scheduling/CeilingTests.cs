using FollowUp.Application.Preview;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Scheduling;

/// <summary>The operator's ceilings, which no user can raise.</summary>
public sealed class CeilingTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private FakeSendGrid _sendGrid = null!;

    public async Task InitializeAsync()
    {
        await database.Empty();
        _sendGrid = await FakeSendGrid.Start();
    }

    public async Task DisposeAsync() => await _sendGrid.DisposeAsync();

    [Fact]
    public async Task Two_nodes_together_respect_the_operators_daily_ceiling_and_why_names_it()
    {
        (string, string) ceiling = ("Ceilings:MailsPerDay", "3");
        await using var first = await (await TestNode.Create(database, _sendGrid, ceiling)).Start();
        await using var second = await (await TestNode.Create(database, _sendGrid, ceiling)).Start();
        var sequence = await first.Sequence(Steps.Email());

        await first.EnrollMany(sequence, 20);

        await Eventually.Holds(
            async () =>
                await database.Read<long>("SELECT count(*) FROM step_job WHERE waiting_for @? '$[*] ? (@.reason == \"ceiling\")'") == 17,
            "the others wait for the next day"
        );
        _sendGrid.Accepted.Count.ShouldBe(3);
        var waiting = await database.Read<Guid>("SELECT instance_id FROM step_job LIMIT 1");
        var why = await first.Do(new FollowUp.Application.Preview.ExplainInstance(new(waiting)));
        (why.WaitingFor!.Reason, why.WaitingFor.Because).ShouldBe(("cap", "ceiling"));
        why.WaitingFor.Until!.Value.TimeOfDay.ShouldBe(TimeSpan.Zero);
        (await database.Read<long>("SELECT count(*) FROM attempt WHERE status = 'SENDING'")).ShouldBe(0);
    }

    [Theory]
    [InlineData("EMAIL", "SMS")]
    [InlineData("SMS", "EMAIL")]
    public async Task Steps_beyond_the_ceiling_are_rescheduled_in_batches_and_the_other_channel_continues(string over, string other)
    {
        await using var twilio = await FakeTwilio.Start();
        (string, string)[] settings =
        [
            ("Twilio:AccountSid", twilio.AccountSid),
            ("Twilio:AuthToken", twilio.AuthToken),
            ("Twilio:From", "+4912345678"),
            ("Twilio:BaseUrl", twilio.Url),
            (over == "EMAIL" ? "Ceilings:MailsPerDay" : "Ceilings:SmsPerDay", "10"),
        ];
        await using var idle = await TestNode.Create(database, _sendGrid, settings);
        var (overs, others) = (await idle.Sequence(StepOf(over)), await idle.Sequence(StepOf(other)));
        await idle.EnrollMany(overs, 300);
        await idle.EnrollMany(others, 5);
        await database.Execute("UPDATE instance SET phone = '+4915' || lpad((random() * 1e8)::int::text, 9, '0')");

        await using var node = await (await TestNode.Create(database, _sendGrid, settings)).Start();

        await Eventually.Holds(
            async () =>
                await database.Read<long>("SELECT count(*) FROM step_job WHERE waiting_for->0->>'reason' = 'ceiling' AND state = 'ready'")
                    == 290
                && await database.Read<long>("SELECT count(*) FROM instance WHERE status = 'COMPLETED'") == 15,
            "the others wait for the next day"
        );
        // Claimed one by one they would have been claimed 290 times. A few are in lanes when the first is refused.
        (await database.Read<long>("SELECT sum(attempt) FROM step_job")).ShouldBeLessThan(100);
        (await database.ReadAll<TimeSpan>("SELECT DISTINCT due_at - date_trunc('day', now(), 'UTC') FROM step_job")).ShouldBe([
            TimeSpan.FromDays(1),
        ]);
        (await database.ReadAll<bool>("SELECT wanted_at IS NOT NULL FROM step_job")).ShouldAllBe(kept => kept);
    }

    [Fact]
    public async Task A_users_limits_cannot_raise_the_ceiling()
    {
        await using var node = await (await TestNode.Create(database, _sendGrid, ("Ceilings:MailsPerDay", "1"))).Start();
        var sequence = await node.Sequence(Steps.Email());
        await node.EnrollMany(sequence, 3);
        await Eventually.Holds(
            async () => await database.Read<long>("SELECT count(*) FROM step_job WHERE waiting_for::text LIKE '%ceiling%'") == 2,
            "two wait"
        );

        await node.Do(new FollowUp.Application.Quotas.SetLimits("UTC", 1000, null, null, null));
        await database.Execute("UPDATE step_job SET due_at = now(), waiting_for = '[]'");

        await Eventually.Holds(
            async () => await database.Read<long>("SELECT count(*) FROM step_job WHERE waiting_for::text LIKE '%ceiling%'") == 2,
            "they wait again"
        );
        _sendGrid.Accepted.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_rejected_mail_does_not_count_against_the_ceiling()
    {
        _sendGrid.Default = new HttpAnswer.Status(400, """{"errors":[{"message":"bad"}]}""");
        await using var node = await (await TestNode.Create(database, _sendGrid, ("Ceilings:MailsPerDay", "1"))).Start();
        var sequence = await node.Sequence(Steps.Email());
        var refused = await node.Enroll(sequence);
        await node.Becomes(refused.Id, "FAILED");
        _sendGrid.Default = new HttpAnswer.Accept();

        var accepted = await node.Enroll(sequence);

        await node.Becomes(accepted.Id, "COMPLETED");
    }

    [Fact]
    public async Task A_test_mail_counts_against_the_ceiling_and_is_rejected_beyond_it()
    {
        await using var node = await (await TestNode.Create(database, _sendGrid, ("Ceilings:MailsPerDay", "2"))).Start();
        var sequence = await node.Sequence(Steps.Email());
        _sendGrid.Default = new HttpAnswer.Status(400, """{"errors":[{"message":"bad"}]}""");
        (await node.Do(TestMail(sequence))).Outcome.ShouldBe("rejected");
        _sendGrid.Default = new HttpAnswer.Accept();
        (await node.Do(TestMail(sequence))).Outcome.ShouldBe("accepted");
        var first = await node.Enroll(sequence);
        await node.Becomes(first.Id, "COMPLETED");

        var refused = await node.Send(TestMail(sequence));
        await node.Enroll(sequence);

        var refusal = Error.Of(refused)!;
        refusal.ErrorCode.ShouldBe("ceilingReached");
        refusal.Facts.Single().Value.ShouldEndWith("T00:00:00Z");
        await Eventually.Holds(
            async () => await database.Read<long>("SELECT count(*) FROM step_job WHERE waiting_for::text LIKE '%ceiling%'") == 1,
            "the next step waits for the next day"
        );
        _sendGrid.Accepted.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_text_message_to_a_country_that_is_not_allowed_fails_without_a_call()
    {
        await using var twilio = await FakeTwilio.Start();
        await using var node = await (
            await TestNode.Create(
                database,
                _sendGrid,
                ("Twilio:AccountSid", twilio.AccountSid),
                ("Twilio:AuthToken", twilio.AuthToken),
                ("Twilio:From", "+4912345678"),
                ("Twilio:BaseUrl", twilio.Url),
                ("Ceilings:SmsCountryCodes", "49, +43")
            )
        ).Start();
        var sequence = await node.Sequence(Steps.Sms());

        var abroad = await node.Enroll(sequence, phone: "+442071838750");

        (await node.Becomes(abroad.Id, "FAILED")).LastError!.ShouldContain("Ceilings:SmsCountryCodes");
        twilio.Accepted.ShouldBeEmpty();
    }

    private static StepInput StepOf(string type) => type == "EMAIL" ? Steps.Email() : Steps.Sms();

    private static SendTestMail TestMail(SequenceId sequence) =>
        new(sequence, new TestMailInput("me@example.com", 0, null, null, null, null));
}
