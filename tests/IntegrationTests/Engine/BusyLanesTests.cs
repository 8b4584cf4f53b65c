using FollowUp.Domain.Sequences;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>A channel is probed although other steps would fill every lane.</summary>
public sealed class BusyLanesTests(TestDatabase database) : EngineTest(database)
{
    [Theory]
    [InlineData("1")]
    [InlineData("8")]
    public async Task A_breaker_probes_while_another_owners_due_steps_fill_the_lanes(string lanes)
    {
        var node = await Idle(("Dispatcher:Lanes", lanes));
        var (waits, mails) = (await node.Sequence(Steps.WaitDays(0)), await node.Sequence(Steps.Email()));
        await node.EnrollMany(waits, 3_000);
        await Database.Execute("UPDATE step_job SET due_at = now() - interval '1 hour'");
        var mail = await node.Enroll(mails);
        await GiveToAnotherUser(mails);
        await MayBeProbed("EMAIL", after: TimeSpan.Zero);

        await node.Start();
        await Completed(mail.Id);

        (await Jobs(waits)).ShouldBeGreaterThan(0, "the probe did not wait for the last of them");
    }

    [Fact]
    public async Task A_breaker_probes_while_the_backlog_of_another_channel_fills_the_lanes()
    {
        await using var twilio = await FakeTwilio.Start();
        var node = await Idle(
            ("Dispatcher:Lanes", "1"),
            ("Dispatcher:RecoveryPerSecond", "1000000"),
            ("Twilio:AccountSid", twilio.AccountSid),
            ("Twilio:AuthToken", twilio.AuthToken),
            ("Twilio:From", "+15550100000"),
            ("Twilio:BaseUrl", twilio.Url)
        );
        var (mails, texts) = (await node.Sequence(Steps.Email()), await node.Sequence(Steps.Sms()));
        await node.EnrollMany(mails, 1_000);
        var text = await node.Enroll(texts, phone: "+4915112345678");
        await GiveToAnotherUser(texts);
        await Database.Execute("UPDATE channel_breaker SET backlog_until = now(), paced_until = now() WHERE channel = 'EMAIL'");
        await MayBeProbed("SMS", after: TimeSpan.FromHours(1));

        await node.Start();
        await Eventually.Holds(() => Task.FromResult(SendGrid.Accepted.Count > 20), "the backlog goes out");
        await MayBeProbed("SMS", after: TimeSpan.Zero);
        await Completed(text.Id);

        (await Jobs(mails)).ShouldBeGreaterThan(0, "the probe did not wait for the last of them");
    }

    private Task<int> MayBeProbed(string channel, TimeSpan after) =>
        Database.Execute("UPDATE channel_breaker SET failures = 5, trips = 1, open_until = now() + $2 WHERE channel = $1", channel, after);

    private Task Completed(Guid instance) =>
        Eventually.Holds(
            async () => await Database.Read<string>("SELECT status FROM instance WHERE id = $1", instance) == "COMPLETED",
            "the probe was sent"
        );

    private Task<long> Jobs(SequenceId sequence) =>
        Database.Read<long>("SELECT count(*) FROM step_job WHERE sequence_id = $1", sequence.Value);
}
