using Npgsql;

namespace FollowUp.Chaos;

/// <summary>
/// Columns and a trigger that the run adds to its own database, so that the database itself notes which transaction did what. The program
/// under test neither knows nor writes them: they are filled by their defaults.
/// </summary>
internal static class Instruments
{
    /// <summary>
    /// <c>attempt.claim_snapshot</c>: what the claim's statement could see. A column's default is evaluated inside the statement that inserts
    /// the row, with that statement's snapshot, and the claim inserts its attempts in its one statement. <c>by_transaction</c>: who wrote an
    /// event or a suppression. With both, "had committed before the claim" is no question of clocks: it is asked of PostgreSQL
    /// (<c>pg_visible_in_snapshot</c>), as it was for the claim.
    /// </summary>
    private const string Sql = """
        ALTER TABLE attempt ADD COLUMN claim_snapshot pg_snapshot DEFAULT pg_current_snapshot();
        ALTER TABLE follow_up_event ADD COLUMN by_transaction xid8 DEFAULT pg_current_xact_id();
        ALTER TABLE suppression ADD COLUMN by_transaction xid8 DEFAULT pg_current_xact_id();
        CREATE TABLE chaos_enabled (
          number bigint GENERATED ALWAYS AS IDENTITY, sequence_id uuid, enabled boolean, by_transaction xid8 DEFAULT pg_current_xact_id());
        CREATE FUNCTION chaos_enabled() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO chaos_enabled (sequence_id, enabled) VALUES (NEW.id, NEW.enabled);
          RETURN NULL;
        END $$;
        CREATE TRIGGER chaos_enabled AFTER UPDATE OF enabled ON sequence
          FOR EACH ROW WHEN (OLD.enabled IS DISTINCT FROM NEW.enabled) EXECUTE FUNCTION chaos_enabled();
        CREATE TABLE chaos_schedule (
          number bigint GENERATED ALWAYS AS IDENTITY, sequence_id uuid, schedule jsonb, by_transaction xid8 DEFAULT pg_current_xact_id());
        CREATE FUNCTION chaos_schedule() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO chaos_schedule (sequence_id, schedule) VALUES (NEW.id, NEW.schedule);
          RETURN NULL;
        END $$;
        CREATE TRIGGER chaos_schedule AFTER UPDATE OF schedule ON sequence
          FOR EACH ROW WHEN (OLD.schedule IS DISTINCT FROM NEW.schedule) EXECUTE FUNCTION chaos_schedule();
        """;

    public static async Task Add(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(Sql);
        await command.ExecuteNonQueryAsync();
    }
}
