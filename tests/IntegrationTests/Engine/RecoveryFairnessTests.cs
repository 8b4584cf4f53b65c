using FollowUp.Domain.Sequences;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>The backlog of an outage is shared between owners and channels, and leaves lanes to all other steps.</summary>
public sealed class RecoveryFairnessTests(TestDatabase database) : EngineTest(database)
{
    private const int Many = 1_000;

    [Theory]
    [InlineData("1")]
    [InlineData("8")]
    public async Task Overdue_mails_of_one_owner_do_not_delay_those_of_another(string lanes)
    {
        var node = await Idle(("Dispatcher:Lanes", lanes), ("Dispatcher:RecoveryPerSecond", "100"));
        await ManyMails(node);
        var mails = await node.Sequence(Steps.Email());
        var mail = await node.Enroll(mails);
        await GiveToAnotherUser(mails);
        await Recovers("EMAIL");

        await node.Start();
        await Completed(mail.Id);

        SendGrid.Accepted.Count.ShouldBeLessThan(Many / 2);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("8")]
    public async Task A_backlog_leaves_a_share_of_the_lanes_to_other_owners(string lanes)
    {
        var node = await Slow(lanes);
        await ManyMails(node);
        var waits = await node.Sequence(Steps.WaitDays(0));
        await node.EnrollMany(waits, 20);
        await GiveToAnotherUser(waits);
        await Recovers("EMAIL");

        await node.Start();
        await Eventually.Holds(async () => await Jobs(waits) == 0, "the other owner's steps were carried out");

        SendGrid.Accepted.Count.ShouldBeLessThan(Many / 2);
    }

    [Theory]
    [InlineData("EMAIL")]
    [InlineData("SMS")]
    public async Task The_backlog_of_one_channel_does_not_block_that_of_another(string large)
    {
        await using var twilio = await FakeTwilio.Start();
        var node = await Slow(
            "1",
            ("Twilio:AccountSid", twilio.AccountSid),
            ("Twilio:AuthToken", twilio.AuthToken),
            ("Twilio:From", "+15550100000"),
            ("Twilio:BaseUrl", twilio.Url)
        );
        var (mails, texts) = (await node.Sequence(Steps.Email()), await node.Sequence(Steps.Sms()));
        var (many, few) = large == "EMAIL" ? (mails, texts) : (texts, mails);
        await node.EnrollMany(many, Many);
        await Database.Execute("UPDATE instance SET phone = '+4915112345678'");
        await Database.Execute("UPDATE step_job SET due_at = now() - interval '1 hour'");
        var one = await node.Enroll(few, phone: "+4915112345679");
        await GiveToAnotherUser(few);
        await Recovers("EMAIL", "SMS");

        await node.Start();
        await Completed(one.Id);

        (await Jobs(many)).ShouldBeGreaterThan(Many / 2);
    }

    [Fact]
    public async Task A_backlog_keeps_a_share_of_the_lanes()
    {
        var node = await Idle(("Dispatcher:Lanes", "1"));
        var (mails, waits) = (await node.Sequence(Steps.Email()), await node.Sequence(Steps.WaitDays(0)));
        var mail = await node.Enroll(mails);
        await GiveToAnotherUser(mails);
        await Recovers("EMAIL");
        await node.EnrollMany(waits, 3_000);

        await node.Start();
        await Completed(mail.Id);

        (await Jobs(waits)).ShouldBeGreaterThan(0);
    }

    /// <summary>A node with a slow provider and a high backlog rate, so that the backlog could occupy every lane permanently.</summary>
    private Task<TestNode> Slow(string lanes, params (string Key, string Value)[] settings)
    {
        SendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(20));
        return Idle([("Dispatcher:Lanes", lanes), ("Dispatcher:RecoveryPerSecond", "1000000"), .. settings]);
    }

    /// <summary>Overdue mails of one owner, older than all others.</summary>
    private async Task ManyMails(TestNode node)
    {
        await node.EnrollMany(await node.Sequence(Steps.Email()), Many);
        await Database.Execute("UPDATE step_job SET due_at = now() - interval '1 hour'");
    }

    private async Task Recovers(params string[] channels)
    {
        await Database.Execute(
            "UPDATE channel_breaker SET backlog_until = clock_timestamp(), paced_until = clock_timestamp() WHERE channel = ANY ($1)",
            (object)channels
        );
        await Database.Execute("UPDATE step_job SET due_at = due_at - interval '1 second' WHERE step_type <> 'WAIT'");
    }

    private Task Completed(Guid instance) =>
        Eventually.Holds(
            async () => await Database.Read<string>("SELECT status FROM instance WHERE id = $1", instance) == "COMPLETED",
            "the step was carried out"
        );

    private Task<long> Jobs(SequenceId sequence) =>
        Database.Read<long>("SELECT count(*) FROM step_job WHERE sequence_id = $1", sequence.Value);
}
