using FollowUp.Infrastructure.Dispatch;
using FollowUp.Infrastructure.Persistence;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>The round-robin over owners, and how often the owners are refreshed.</summary>
public sealed class OwnerRoundRobinTests(TestDatabase database) : EngineTest(database)
{
    [Theory]
    [InlineData(0, 500)]
    [InlineData(100, 2_000)] // A twentieth of the time.
    public async Task A_new_owner_is_served_after_the_next_refresh_of_the_owners(int lookTakes, int keptFor)
    {
        var node = await Idle();
        await OwnerWithDueStep(node);
        await OwnerWithDueStep(node);
        await using var connection = await node.Services.GetRequiredService<EngineDatabase>().Connections.OpenConnectionAsync();
        var clock = new ReadingTakes { Time = TimeSpan.FromMilliseconds(lookTakes) };
        var turns = new OwnerRoundRobin(clock);

        await turns.Look(connection, backlog: true, CancellationToken.None);
        turns.Next(9).Length.ShouldBe(2);
        await OwnerWithDueStep(node);

        clock.Time = TimeSpan.Zero;
        clock.Advance(TimeSpan.FromMilliseconds(keptFor - 1));
        await turns.Look(connection, backlog: true, CancellationToken.None);
        turns.Next(9).Length.ShouldBe(2);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await turns.Look(connection, backlog: true, CancellationToken.None);
        turns.Next(9).Length.ShouldBe(3);
    }

    private async Task OwnerWithDueStep(TestNode node)
    {
        var sequence = await node.Sequence(Steps.WaitDays(0));
        await node.EnrollMany(sequence, 1);
        await GiveToAnotherUser(sequence);
        await Database.Execute("UPDATE step_job SET due_at = now() - interval '1 minute'");
    }

    /// <summary>A clock that a test advances, and that advances a little with each read.</summary>
    private sealed class ReadingTakes : TimeProvider
    {
        private TimeSpan _now = TimeSpan.FromHours(1);

        public TimeSpan Time { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan by) => _now += by;

        public override long GetTimestamp() => (_now += Time).Ticks;
    }
}
