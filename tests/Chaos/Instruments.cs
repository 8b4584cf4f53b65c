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
    /// the row, with that statement's snapshot, and the claim inserts its attempts in the statement that reads the instances. <c>by_transaction</c>: who wrote an
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

    /// <summary>
    /// While a row of <c>chaos_slow</c> lies in the future, a claim is either stalled between its first job and the others, or slow to commit, or
    /// neither. PostgreSQL's <c>commit_delay</c> would not do: it has no effect without fsync, and it is 100 ms at most. The constraint trigger is
    /// deferred, so it runs after all statements and before anything of the claim is visible to others.
    /// </summary>
    private const string Slow = """
        CREATE TABLE chaos_slow (until timestamptz);
        CREATE FUNCTION chaos_slow_lease() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
        DECLARE chance float := random();
        BEGIN
          IF coalesce(current_setting('chaos.pace', true), '') <> '' THEN
            RETURN NEW;
          END IF;
          IF NOT EXISTS (SELECT 1 FROM chaos_slow WHERE until > clock_timestamp()) THEN
            chance := 1;
          END IF;
          PERFORM set_config('chaos.pace', CASE WHEN chance < 0.35 THEN 'stalled' WHEN chance < 0.85 THEN 'slow' ELSE 'quick' END, true);
          IF chance < 0.35 THEN
            PERFORM pg_sleep(0.8 + random() * 0.8);
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER chaos_slow_lease BEFORE UPDATE ON step_job
          FOR EACH ROW WHEN (OLD.state = 'ready' AND NEW.state = 'leased') EXECUTE FUNCTION chaos_slow_lease();
        CREATE FUNCTION chaos_slow_commit() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
        BEGIN
          IF current_setting('chaos.pace', true) = 'slow' THEN
            PERFORM set_config('chaos.pace', 'quick', true), pg_sleep(0.3 + random() * 0.4);
          END IF;
          RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER chaos_slow_commit AFTER UPDATE ON step_job DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW WHEN (OLD.state = 'ready' AND NEW.state = 'leased') EXECUTE FUNCTION chaos_slow_commit();
        """;

    public static async Task Add(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(Sql + Slow);
        await command.ExecuteNonQueryAsync();
    }
}
