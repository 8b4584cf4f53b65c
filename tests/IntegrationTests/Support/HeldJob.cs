namespace FollowUp.IntegrationTests.Support;

/// <summary>
/// Holds back statements that change or delete the leased job of an instance, until it is disposed. They hold their locks meanwhile. A lock would
/// not do: they wait for one only until their lock timeout.
/// </summary>
internal sealed class HeldJob : IAsyncDisposable
{
    private readonly TestDatabase _database;

    private HeldJob(TestDatabase database) => _database = database;

    public static async Task<HeldJob> Of(TestDatabase database, Guid instance)
    {
        await database.Execute(
            $"""
            CREATE TABLE held_job AS SELECT '{instance}'::uuid AS instance_id;
            CREATE FUNCTION hold_job() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              WHILE EXISTS (SELECT 1 FROM held_job h WHERE h.instance_id = OLD.instance_id) LOOP PERFORM pg_sleep(0.01); END LOOP;
              RETURN coalesce(NEW, OLD); END $$;
            CREATE TRIGGER hold_job BEFORE UPDATE OR DELETE ON step_job FOR EACH ROW WHEN (OLD.state = 'leased') EXECUTE FUNCTION hold_job();
            """
        );
        return new HeldJob(database);
    }

    /// <summary>Waits until a statement is held back.</summary>
    public Task Holds() =>
        Eventually.Holds(
            async () =>
                await _database.Read<bool>(
                    "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep')"
                ),
            "a statement is held back"
        );

    /// <summary>Lets the statements continue, and holds back those that change the job of another instance.</summary>
    public Task Continue(Guid until) => _database.Execute("UPDATE held_job SET instance_id = $1", until);

    public async ValueTask DisposeAsync()
    {
        await _database.Execute("DELETE FROM held_job");
        await _database.Execute("DROP FUNCTION hold_job() CASCADE");
        await _database.Execute("DROP TABLE held_job");
    }
}
