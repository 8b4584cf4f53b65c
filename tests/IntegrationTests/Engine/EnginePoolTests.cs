using FollowUp.Application.Dispatch;
using FollowUp.Application.Scheduling;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>Requests may hold every connection of the API's pool: steps use the engine's pool only.</summary>
public sealed class EnginePoolTests(TestDatabase database) : EngineTest(database)
{
    private const int Connections = 8;

    [Theory]
    [InlineData("steps that were not read before")]
    [InlineData("a schedule with a calendar")]
    [InlineData("a ceiling")]
    [InlineData("a provider that failed a moment ago")]
    public async Task A_step_is_sent_while_requests_hold_all_connections_of_their_pool(string with)
    {
        var api = await Idle();
        (string, string) pool = ("ConnectionStrings:FollowUp", $"{Database.ConnectionString};Maximum Pool Size={Connections};Timeout=2");
        var worker = await (with == "a ceiling" ? Worker(pool, ("Ceilings:MailsPerDay", "10")) : Worker(pool));
        var sequence = with == "a schedule with a calendar" ? await Scheduled(api) : await api.Sequence(Steps.Email());
        var before = with == "steps that were not read before" ? await api.Sequence(Steps.Email()) : sequence;
        await api.Becomes((await api.Enroll(before)).Id, "COMPLETED");

        if (with == "a provider that failed a moment ago")
        {
            await Database.Execute("UPDATE channel_breaker SET failures = 1 WHERE channel = 'EMAIL'");
        }

        await using var requests = new HeldConnections();
        await requests.Take(worker.Services.GetRequiredService<NpgsqlDataSource>());
        var instance = await api.Enroll(sequence);

        await Eventually.Holds(
            async () => await Database.Read<string>("SELECT status FROM instance WHERE id = $1", instance.Id) == "COMPLETED",
            "the step is sent",
            patience: TimeSpan.FromSeconds(20)
        );
        requests.Count.ShouldBeGreaterThanOrEqualTo(Connections - 1);
        (await Database.Read<int>("SELECT coalesce(max(taken), 0) FROM ceiling_count")).ShouldBe(with == "a ceiling" ? 2 : 0);
        (await Database.Read<int>("SELECT failures FROM channel_breaker WHERE channel = 'EMAIL'")).ShouldBe(0);
    }

    [Fact]
    public async Task Steps_of_one_owner_that_wait_for_the_count_of_a_ceiling_leave_connections_to_others()
    {
        var node = await Idle(
            ("ConnectionStrings:FollowUp", $"{Database.ConnectionString};Maximum Pool Size=4;Timeout=10"),
            ("Ceilings:MailsPerDay", "100")
        );
        var outbox = node.Services.GetRequiredService<StepOutbox>();
        var (waiting, other) = (await node.Sequence(Steps.Email()), await node.Sequence(Steps.Email()));
        await node.EnrollMany(other, 1);
        await GiveToAnotherUser(other);
        await Database.Execute("UPDATE step_job SET due_at = now() + interval '1 hour'");
        await node.EnrollMany(waiting, 8);
        var steps = (await outbox.Claim(8, CancellationToken.None)).Steps;
        steps.Count.ShouldBe(8);
        await using var count = await Locks.Take(
            Database,
            TestNode.Owner.Value,
            "INSERT INTO ceiling_count (owner_id, channel, day, taken) VALUES ($1, 'EMAIL', (now() AT TIME ZONE 'UTC')::date, 1)"
        );
        await Database.Execute("UPDATE step_job SET due_at = now() WHERE sequence_id = $1", other.Value);

        var blocked = Task.WhenAll(steps.Select(step => node.Send(new ExecuteStep(step))));
        await Eventually.Holds(async () => await Database.WaitingForLocks() > 1, "they wait for the count");
        var step = (await outbox.Claim(1, CancellationToken.None)).Steps.Single();
        var sent = await node.Send(new ExecuteStep(step)).WaitAsync(TimeSpan.FromSeconds(20));

        sent.Value.ShouldBe(WriteBack.Done);
        SendGrid.Accepted.Count.ShouldBe(1);
        (await Database.WaitingForLocks()).ShouldBe(2, "the others wait without a connection");
        await count.Release();
        (await blocked).ShouldAllBe(answer => answer.Value == WriteBack.Done);
        (await Database.Read<int>("SELECT taken FROM ceiling_count WHERE owner_id = $1", TestNode.Owner.Value)).ShouldBe(9);
    }

    private static async Task<SequenceId> Scheduled(TestNode node)
    {
        await node.Do(new CreateCalendar("Holidays", [new CalendarDay(new DateOnly(2020, 1, 1), null)]));
        var schedule = new ScheduleInput { TimeZone = "Etc/UTC", Holidays = "Holidays" };
        return new((await node.Do(new CreateSequence("Follow-up", null, true, [Steps.Email()], schedule))).Id);
    }

    private sealed class HeldConnections : IAsyncDisposable
    {
        private readonly List<NpgsqlConnection> _held = [];

        public int Count => _held.Count;

        /// <summary>Takes all connections except the one on which the worker listens for notifications.</summary>
        public async Task Take(NpgsqlDataSource pool)
        {
            while (true)
            {
                try
                {
                    _held.Add(await pool.OpenConnectionAsync());
                }
                catch (NpgsqlException none) when (none.InnerException is TimeoutException)
                {
                    return;
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var connection in _held)
            {
                await connection.DisposeAsync();
            }
        }
    }
}
