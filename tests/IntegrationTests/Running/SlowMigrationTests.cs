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
        var upgraded = new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Database = name, CommandTimeout = 1 };
        await using var connections = NpgsqlDataSource.Create(upgraded);
        await using var slow = connections.CreateCommand(
            """
            CREATE FUNCTION slow() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
              IF EXISTS (SELECT 1 FROM pg_event_trigger_ddl_commands() WHERE object_identity = 'public.operation_pace') THEN PERFORM pg_sleep(2); END IF;
            END $$;
            CREATE EVENT TRIGGER slow ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION slow();
            """
        );
        await slow.ExecuteNonQueryAsync();

        var node = await Worker(("ConnectionStrings:FollowUp", upgraded.ConnectionString));

        node.Services.GetRequiredService<DatabaseReadiness>().IsReady.ShouldBeTrue();
    }
}
