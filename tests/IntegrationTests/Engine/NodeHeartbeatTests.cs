using FollowUp.IntegrationTests.Support;
using Npgsql;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>The row that each node keeps about itself.</summary>
public sealed class NodeHeartbeatTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    public Task InitializeAsync() => database.Empty();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_node_reports_while_a_count_of_the_queue_does_not_end()
    {
        await using var program = await OwnProgram.Start(database);
        await Eventually.Holds(async () => await database.Read<long>("SELECT count(*) FROM node") == 1, "the node reports");
        await using var other = new NpgsqlConnection(database.ConnectionString);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("LOCK TABLE step_job IN ACCESS EXCLUSIVE MODE", other, transaction);
        await command.ExecuteNonQueryAsync();
        await Eventually.Holds(async () => await database.WaitingForLocks() > 0, "the count waits");
        var seen = await database.Read<DateTime>("SELECT seen_at FROM node");

        await Eventually.Holds(async () => await database.Read<DateTime>("SELECT seen_at FROM node") > seen, "it reports again");
        (await database.WaitingForLocks()).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_node_names_itself_until_it_stops()
    {
        await using (var node = await TestNode.Create(database, ("Dispatcher:Lanes", "7")))
        {
            await node.Start();
            await Eventually.Holds(async () => await database.Read<long>("SELECT count(*) FROM node") == 1, "the node reports");
            (await database.Read<string>("SELECT role || ' ' || lanes || ' ' || busy FROM node")).ShouldBe("all 7 0");
            (await database.Read<bool>("SELECT started_at <= seen_at AND seen_at > now() - interval '1 minute' FROM node")).ShouldBeTrue();
            await node.Stop();
            (await database.Read<long>("SELECT count(*) FROM node")).ShouldBe(0);
        }
    }
}
