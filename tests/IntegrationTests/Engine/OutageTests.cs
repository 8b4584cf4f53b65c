using System.Text;
using FollowUp.Application.Bulk;
using FollowUp.Application.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>Outages of a provider. The tests move instants instead of waiting.</summary>
public sealed class OutageTests(TestDatabase database) : EngineTest(database)
{
    private const int Due = 10_000;

    [Fact]
    public async Task An_hour_of_outage_with_10_000_due_steps_fails_none_and_its_backlog_drains_in_order_at_the_configured_rate()
    {
        var slow = await Idle(("Dispatcher:RecoveryPerSecond", "50"), ("Dispatcher:Lanes", "32"));
        await EnrollSpread(slow, await slow.Sequence(Steps.Email("{{ variables.n }}")));
        await SendGrid.Down();
        await slow.Start();
        await BreakerIsOpen();
        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM step_job WHERE state = 'leased'") == 0,
            "what was under way when it opened is written back"
        );
        var retriesBefore = await Database.Read<long>("SELECT sum(attempts) FROM instance");

        // Every probe of an hour: after 5, 10, 20 … 300 s.
        for (var (trips, passed) = (1, TimeSpan.Zero); passed < TimeSpan.FromHours(1); trips++)
        {
            var untilProbe = await Database.Read<TimeSpan>("SELECT open_until - now() FROM channel_breaker WHERE channel = 'EMAIL'");
            await Database.Travel(untilProbe);
            passed += untilProbe;
            await Eventually.Holds(async () => await Breaker<int>("trips") > trips, "the probe has failed");
        }

        var retriesAfter = await Database.Read<long>("SELECT sum(attempts) FROM instance");
        var due = await Database.Read<long>("SELECT count(*) FROM step_job WHERE due_at <= now()");
        await SendGrid.Up();
        await Database.Travel(TimeSpan.FromMinutes(5));
        await Eventually.Holds(() => Task.FromResult(SendGrid.Accepted.Count > 150), "the backlog goes out");
        await slow.Stop();
        var paced = await Database.Read<long>(MostWithinASecond);

        // The recovery state is in the database: a node that starts meanwhile continues in the same order with its own settings.
        await Worker(("Dispatcher:RecoveryPerSecond", "1000000"), ("Dispatcher:Lanes", "32"));
        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM instance WHERE status = 'COMPLETED'") == Due,
            "all went out",
            patience: TimeSpan.FromMinutes(2)
        );

        due.ShouldBe(Due);
        retriesAfter.ShouldBe(retriesBefore);
        retriesBefore.ShouldBeLessThanOrEqualTo(32);
        paced.ShouldBeLessThanOrEqualTo(2 * 50, "the rate per second, plus one second's worth of accumulated capacity");
        SendGrid.Accepted.Select(m => m.InstanceId).Distinct().Count().ShouldBe(Due);
        SendGrid.Accepted.Count.ShouldBe(Due);
        OutOfOrderBy().ShouldBeLessThanOrEqualTo(64, "no further than two claims of 32 lanes");
        await Eventually.Holds(() => Breaker<bool>("backlog_until IS NULL"), "the recovery is over");
    }

    [Fact]
    public async Task Steps_that_become_due_after_an_outage_do_not_wait_for_its_backlog()
    {
        var node = await Idle(("Dispatcher:RecoveryPerSecond", "1"), ("Dispatcher:Lanes", "1"));
        var sequence = await node.Sequence(Steps.Email());
        List<Guid> backlog = [];
        for (var i = 0; i < 20; i++)
        {
            backlog.Add((await node.Enroll(sequence)).Id);
        }

        await Database.Execute("UPDATE channel_breaker SET failures = 5, trips = 1, open_until = now() WHERE channel = 'EMAIL'");
        await node.Start();
        await Eventually.Holds(async () => await Breaker<bool>("backlog_until IS NOT NULL"), "the probe has closed the breaker");

        var fresh = await node.Enroll(sequence);
        await node.Becomes(fresh.Id, "COMPLETED");

        SendGrid.Accepted.Count(m => backlog.Contains(m.InstanceId)).ShouldBeLessThan(20);
        SendGrid.Accepted.First().InstanceId.ShouldBe(backlog[0]);
    }

    [Fact]
    public async Task An_outage_of_one_channel_does_not_block_the_others()
    {
        var node = await Worker();
        await Database.Execute(
            "UPDATE channel_breaker SET failures = 5, trips = 1, open_until = now() + interval '1 minute' WHERE channel = 'EMAIL'"
        );
        var held = await node.Enroll(await node.Sequence(Steps.Email()));

        var other = await node.Enroll(await node.Sequence(Steps.WaitDays(0), Steps.Sms()));

        await node.Becomes(other.Id, "COMPLETED");
        (await node.Do(new GetInstance(new(held.Id)))).Status.ShouldBe("ACTIVE");
        SendGrid.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task An_open_breaker_respects_the_providers_Retry_After()
    {
        SendGrid.Default = new HttpAnswer.Status(429, FakeSendGrid.Error("slow down"), ("Retry-After", "1200"));
        var node = await Idle(("Dispatcher:Lanes", "1"));
        var sequence = await node.Sequence(Steps.Email());
        for (var i = 0; i < 6; i++)
        {
            await node.Enroll(sequence);
        }

        await node.Start();
        await BreakerIsOpen();
        var afterOpening = await Breaker<double>("extract(epoch FROM open_until - now())::float8");
        await Database.Travel(TimeSpan.FromSeconds(afterOpening));
        await Eventually.Holds(async () => await Breaker<int>("trips") == 2, "the probe has failed");
        var afterProbe = await Breaker<double>("extract(epoch FROM open_until - now())::float8");

        afterOpening.ShouldBeInRange(1100, 1200);
        afterProbe.ShouldBeInRange(1100, 1200);
    }

    [Fact]
    public async Task A_rejected_API_key_fails_no_step_once_the_breaker_is_open()
    {
        SendGrid.Default = new HttpAnswer.Status(401, FakeSendGrid.Error("The provided authorization grant is invalid"));
        var node = await Idle(("Dispatcher:Lanes", "1"));
        var sequence = await node.Sequence(Steps.Email());
        for (var i = 0; i < 8; i++)
        {
            await node.Enroll(sequence);
        }

        await node.Start();
        await BreakerIsOpen();
        for (var trips = 1; trips < 4; trips++)
        {
            await Database.Execute("UPDATE channel_breaker SET open_until = now() WHERE channel = 'EMAIL'");
            await Eventually.Holds(async () => await Breaker<int>("trips") > trips, "the probe has failed");
        }

        (await Database.Read<long>("SELECT count(*) FROM instance WHERE status = 'FAILED'")).ShouldBe(
            4,
            "those that met it before it was open"
        );
    }

    /// <summary>The maximum number of attempts that started within one second after the outage.</summary>
    private const string MostWithinASecond = """
        SELECT max(together) FROM (
          SELECT count(*) OVER (ORDER BY started_at RANGE BETWEEN CURRENT ROW AND interval '1 second' FOLLOWING) AS together
          FROM attempt WHERE status = 'ACCEPTED') AS second
        """;

    private Task<T> Breaker<T>(string column) => Database.Read<T>($"SELECT {column} FROM channel_breaker WHERE channel = 'EMAIL'");

    private Task BreakerIsOpen() => Eventually.Holds(async () => await Breaker<bool>("open_until IS NOT NULL"), "the breaker is open");

    /// <summary>Enrols the given number of recipients, whose steps become due evenly within an hour from now.</summary>
    private async Task EnrollSpread(TestNode node, SequenceId sequence)
    {
        var rows = string.Concat(
            Enumerable
                .Range(0, Due)
                .Select(n => $$$"""{"recipient":{"email":"p{{{n}}}@example.com"},"variables":{"n":{{{n}}}}}{{{"\n"}}}""")
        );
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(rows));
        (await node.Do(new EnrollMany(sequence, body, BulkFormat.Ndjson))).Enrolled.ShouldBe(Due);
        await Database.Execute(
            """
            UPDATE step_job j SET due_at = now() + (i.variables ->> 'n')::int * interval '0.36 second' - interval '20 seconds'
            FROM instance i WHERE i.id = j.instance_id
            """
        );
    }

    /// <summary>The largest deviation of a mail from its place in the order, among those without an attempt before the outage.</summary>
    private int OutOfOrderBy() =>
        SendGrid.Accepted.Select(m => int.Parse(m.Subject)).Where(n => n > 100).Select((n, place) => Math.Abs(n - 101 - place)).Max();
}
