using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>The messages of one user or one destination do not block a channel for others.</summary>
public sealed class BreakerFairnessTests(TestDatabase database) : EngineTest(database)
{
    [Theory]
    [InlineData(21408)]
    [InlineData(21608)]
    [InlineData(21612)]
    [InlineData(30034)]
    public async Task A_forbidden_destination_fails_only_its_own_messages(int code)
    {
        await using var twilio = await FakeTwilio.Start();
        twilio.Decide = body => body.Contains("%2B88", StringComparison.Ordinal) ? FakeTwilio.Refuses(400, code, "no") : null;
        var node = await Worker(
            ("Twilio:AccountSid", twilio.AccountSid),
            ("Twilio:AuthToken", twilio.AuthToken),
            ("Twilio:From", "+15550100000"),
            ("Twilio:BaseUrl", twilio.Url)
        );
        var sequence = await node.Sequence(Steps.Sms());
        List<Guid> unreachable = [];
        for (var i = 1; i <= 7; i++)
        {
            unreachable.Add((await node.Enroll(sequence, phone: $"+88210000000{i}")).Id);
        }

        foreach (var id in unreachable)
        {
            await node.Becomes(id, "FAILED");
        }

        var other = await node.Enroll(sequence, phone: "+4915112345678");

        await node.Becomes(other.Id, "COMPLETED");
        (await Database.Read<long>("SELECT count(*) FROM channel_breaker WHERE failures > 0 OR open_until IS NOT NULL")).ShouldBe(0);
    }

    [Fact]
    public async Task Server_errors_for_one_recipient_do_not_open_the_breaker()
    {
        SendGrid.Decide = body => body.Contains("fail@", StringComparison.Ordinal) ? new HttpAnswer.Status(500) : null;
        var node = await Worker(("Retry:BaseDelay", "1ms"), ("Dispatcher:Lanes", "1"));
        for (var i = 0; i < 4; i++)
        {
            var failing = await node.Enroll(await node.Sequence(Steps.Email()), "fail@example.com");
            await node.Becomes(failing.Id, "FAILED");
        }

        (await Database.Read<bool>("SELECT open_until IS NULL FROM channel_breaker WHERE channel = 'EMAIL'")).ShouldBeTrue();
    }

    [Fact]
    public async Task An_owners_failing_destinations_delay_other_owners_until_the_first_probe_only()
    {
        SendGrid.Decide = body => body.Contains("fail", StringComparison.Ordinal) ? new HttpAnswer.Status(500) : null;
        var node = await Idle(("Retry:BaseDelay", "1ms"), ("Dispatcher:Lanes", "8"));
        var (hostile, innocent) = (await node.Sequence(Steps.Email()), await node.Sequence(Steps.Email()));
        List<Guid> failing = [];
        for (var i = 0; i < 7; i++)
        {
            failing.Add((await node.Enroll(hostile, $"fail{i}@example.com")).Id);
        }

        await node.Start();
        await Eventually.Holds(async () => await IsOpen(), "the breaker is open");
        var waiting = await node.Enroll(innocent, "anna@example.org");
        await GiveToAnotherUser(innocent);
        await Database.Travel(TimeSpan.FromSeconds(6));

        await Eventually.Holds(
            async () => await Database.Read<string>("SELECT status FROM instance WHERE id = $1", waiting.Id) == "COMPLETED",
            "the other owner's mail was the first probe"
        );
        // The hostile owner's steps fail by themselves, and do not open the breaker again.
        foreach (var id in failing)
        {
            await node.Becomes(id, "FAILED");
        }

        (await IsOpen()).ShouldBeFalse();
    }

    [Fact]
    public async Task An_owner_with_good_and_bad_destinations_cannot_keep_reopening_the_breaker()
    {
        SendGrid.Decide = body => body.Contains("fail", StringComparison.Ordinal) ? new HttpAnswer.Status(500) : null;
        var node = await Worker(("Retry:BaseDelay", "1ms"), ("Dispatcher:Lanes", "8"));
        var hostile = await node.Sequence(Steps.Email());
        for (var round = 0; round < 2; round++)
        {
            var failing = await EnrollFailing();
            await Eventually.Holds(async () => await IsOpen(), "five destinations of one owner have opened it");
            var innocent = await node.Sequence(Steps.Email());
            await node.Enroll(innocent, "anna@example.org");
            await GiveToAnotherUser(innocent);
            await Database.Execute("UPDATE channel_breaker SET open_until = now() WHERE channel = 'EMAIL'");
            await Failed(failing);
            // An accepted message of the same owner.
            await node.Becomes((await node.Enroll(hostile, $"good{round}@example.com")).Id, "COMPLETED");
        }

        await Failed(await EnrollFailing());

        (await IsOpen()).ShouldBeFalse();

        async Task<List<Guid>> EnrollFailing()
        {
            List<Guid> ids = [];
            for (var i = 0; i < 5; i++)
            {
                ids.Add((await node.Enroll(hostile, $"fail{Guid.NewGuid():N}@example.com")).Id);
            }

            return ids;
        }

        // While the breaker is open they wait and do not fail.
        async Task Failed(List<Guid> ids)
        {
            foreach (var id in ids)
            {
                await node.Becomes(id, "FAILED");
            }
        }
    }

    [Fact]
    public async Task Refused_addresses_of_one_owner_neither_hide_an_outage_nor_end_it()
    {
        var down = true;
        SendGrid.Decide = body =>
            body.Contains("refused", StringComparison.Ordinal) ? new HttpAnswer.Status(400, FakeSendGrid.Error("no such address"))
            : down ? new HttpAnswer.Status(503)
            : null;
        var node = await Idle(("Dispatcher:Lanes", "1"), ("Retry:BaseDelay", "10s"));
        var (innocent, other) = (await node.Sequence(Steps.Email()), await node.Sequence(Steps.Email()));
        List<Guid> waiting = [];
        for (var i = 0; i < 8; i++)
        {
            waiting.Add((await node.Enroll(innocent, $"anna{i}@example.com")).Id);
            await node.Enroll(other, $"refused{i}@example.com");
        }

        await GiveToAnotherUser(other);

        await node.Start();
        await Eventually.Holds(async () => await IsOpen(), "refusals between the failures do not hide them");
        var refused = await Refused();
        await Database.Execute("UPDATE channel_breaker SET open_until = now() WHERE channel = 'EMAIL'");
        await Eventually.Holds(async () => await Refused() > refused, "a probe was refused");
        await Eventually.Holds(
            async () => await Database.Read<int>("SELECT trips FROM channel_breaker WHERE channel = 'EMAIL'") > 1,
            "a probe has failed"
        );
        (await IsOpen()).ShouldBeTrue();
        (await Database.Read<long>("SELECT count(*) FROM instance WHERE attempts > 0 AND status = 'ACTIVE'")).ShouldBe(4);

        down = false;
        await Database.Execute("UPDATE channel_breaker SET open_until = now() WHERE channel = 'EMAIL'");
        await Eventually.Holds(async () => !await IsOpen(), "an accepted probe has closed it");

        Task<long> Refused() => Database.Read<long>("SELECT count(*) FROM instance WHERE status = 'FAILED'");
    }

    [Fact]
    public async Task Probes_rotate_over_all_destinations()
    {
        SendGrid.Decide = body => body.Contains("fail", StringComparison.Ordinal) ? new HttpAnswer.Status(500) : null;
        var node = await Idle(("Dispatcher:Lanes", "1"));
        var sequence = await node.Sequence(Steps.Email());
        for (var i = 0; i < 4; i++)
        {
            await node.Enroll(sequence, $"fail{i}@example.com");
        }

        // Two instances of one address, in another sequence: the address counts, not the instance.
        await node.Enroll(await node.Sequence(Steps.Email()), "fail0@example.com");
        var good = await node.Enroll(sequence, "anna@example.com");
        await Database.Execute("UPDATE channel_breaker SET failures = 5, trips = 1, open_until = now() WHERE channel = 'EMAIL'");

        await node.Start();
        for (var probe = 1; probe <= 4; probe++)
        {
            await Eventually.Holds(
                async () => await Database.Read<int>("SELECT trips FROM channel_breaker WHERE channel = 'EMAIL'") == 1 + probe,
                "the probe has failed"
            );
            await Database.Execute("UPDATE channel_breaker SET open_until = now() WHERE channel = 'EMAIL'");
        }

        await node.Becomes(good.Id, "COMPLETED");
    }

    [Fact]
    public async Task Opening_a_breaker_is_logged_once_with_its_reason_and_without_addresses()
    {
        var words = $"down-{Guid.NewGuid():N}";
        SendGrid.Default = new HttpAnswer.Status(503, FakeSendGrid.Error($"{words} for hidden@example.com"));
        var node = await Idle(("Dispatcher:Lanes", "8"), ("Retry:BaseDelay", "10s"));
        var sequence = await node.Sequence(Steps.Email());
        await node.EnrollMany(sequence, 20);

        await node.Start();
        await Eventually.Holds(async () => await IsOpen(), "the breaker is open");
        await Database.Execute("UPDATE channel_breaker SET open_until = now() WHERE channel = 'EMAIL'");
        await Eventually.Holds(() => Task.FromResult(Lines("A probe of the EMAIL provider failed").Length == 1), "the probe has failed");

        var opened = Lines("The EMAIL provider is failing").ShouldHaveSingleItem();
        opened.ShouldContain($"SendGrid answered 503: {words} for <address>");
        opened.ShouldNotContain("hidden@example.com");
        (await Database.Read<string>("SELECT cause FROM channel_breaker WHERE channel = 'EMAIL'")).ShouldContain(words);

        string[] Lines(string of) => [.. TestLog.Saying(of).Where(line => line.Contains(words))];
    }

    [Fact]
    public async Task After_all_destinations_were_probed_the_rotation_restarts()
    {
        SendGrid.Default = new HttpAnswer.Status(503);
        var node = await Idle(("Dispatcher:Lanes", "1"));
        await node.Enroll(await node.Sequence(Steps.Email()), "anna@example.com");
        await Database.Execute("UPDATE channel_breaker SET failures = 5, trips = 1, open_until = now() WHERE channel = 'EMAIL'");

        await node.Start();
        for (var probe = 1; probe <= 3; probe++)
        {
            await Eventually.Holds(
                async () => await Database.Read<int>("SELECT trips FROM channel_breaker WHERE channel = 'EMAIL'") == 1 + probe,
                "the probe has failed"
            );
            await Database.Execute("UPDATE channel_breaker SET open_until = now() WHERE channel = 'EMAIL'");
        }

        SendGrid.Requests.ShouldBeGreaterThanOrEqualTo(3);
    }

    private Task<bool> IsOpen() => Database.Read<bool>("SELECT open_until IS NOT NULL FROM channel_breaker WHERE channel = 'EMAIL'");
}
