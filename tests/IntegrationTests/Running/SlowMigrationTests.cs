using FollowUp.Infrastructure.Persistence;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FollowUp.IntegrationTests.Running;

/// <summary>An upgrade of a large database.</summary>
public sealed class SlowMigrationTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task A_migration_may_take_longer_than_the_command_timeout()
    {
        var name = $"upgrade_{Guid.NewGuid():N}";
        await Database.Execute($"CREATE DATABASE {name} TEMPLATE template0");
        var upgraded = new NpgsqlConnectionStringBuilder(Database.ConnectionString)
        {
            Database = name,
            SearchPath = null,
            CommandTimeout = 1,
        };
        await using var connections = NpgsqlDataSource.Create(upgraded);
        // The migration's CREATE TABLE waits until the transaction that has made a table of the same name is over.
        await using var connection = await connections.OpenConnectionAsync();
        await using var holder = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("CREATE TABLE operation_pace ()", connection, holder);
        await hold.ExecuteNonQueryAsync();

        var start = Worker(("ConnectionStrings:FollowUp", upgraded.ConnectionString));
        await Eventually.Holds(
            async () =>
                await Database.Read<bool>(
                    """
                    SELECT EXISTS (SELECT 1 FROM pg_stat_activity
                                   WHERE datname = $1 AND wait_event_type = 'Lock' AND clock_timestamp() - query_start > interval '1500 ms')
                    """,
                    name
                ),
            "the migration has waited for longer than the command timeout"
        );
        await holder.RollbackAsync();
        var node = await start;

        node.Services.GetRequiredService<DatabaseReadiness>().IsReady.ShouldBeTrue();
    }
}
