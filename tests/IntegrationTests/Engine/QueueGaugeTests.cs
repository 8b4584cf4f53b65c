using FollowUp.Application.Dispatch;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using Npgsql;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>How often a node counts the queue.</summary>
public sealed class QueueGaugeTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_count_that_failed_is_not_repeated_before_a_hundred_times_its_duration()
    {
        await using var tables = NpgsqlDataSource.Create(database.ConnectionString);
        using var metrics = new EngineMetrics();
        var time = new SecondsTime();
        var gauge = new QueueGauge(tables, metrics, time);
        await database.Execute("ALTER TABLE step_job RENAME TO away");

        await Should.ThrowAsync<PostgresException>(gauge.Measure(CancellationToken.None));
        await Should.NotThrowAsync(gauge.Measure(CancellationToken.None));
        gauge.Last.ShouldBeNull();

        await database.Execute("ALTER TABLE away RENAME TO step_job");
        time.Seconds += 200;
        await gauge.Measure(CancellationToken.None);
        gauge.Last!.Counts.ShouldBeEmpty();
    }

    /// <summary>A clock of which each reading takes a second.</summary>
    private sealed class SecondsTime : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => ++Seconds;
    }
}
