using Npgsql;

namespace FollowUp.Chaos;

/// <summary>
/// Columns and triggers that the run adds to its database, so that the database records which transaction wrote which row. The program under
/// test does not know them: their defaults fill them.
/// </summary>
internal static class Instruments
{
    /// <summary>
    /// <c>attempt.claim_snapshot</c>: what the claim's statement could see. A column's default is evaluated inside the statement that inserts
    /// the row, with that statement's snapshot, and the claim inserts its attempts in the statement that reads the instances. <c>by_transaction</c>: who wrote an
    /// event or a suppression. With both, <c>pg_visible_in_snapshot</c> tells without a clock whether a transaction had committed before the
    /// claim.
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
    /// While a row of <c>chaos_slow</c> lies in the future, some claims are slow to commit, and a claim that begins meanwhile is held between its
    /// snapshot and its first lock until the other one's steps are likely to be carried out. Claims that begin later wait for it, or they would take
    /// the next steps before it does. A statement-level trigger runs after the statement's snapshot was taken and before its first row is read, and
    /// only claims write <c>claim_number</c>. PostgreSQL's <c>commit_delay</c> has no effect without fsync and is limited to 100 ms.
    /// The constraint trigger is deferred, so it runs after all statements and before anything of the claim is visible to others.
    /// </summary>
    private const string Slow = """
        CREATE TABLE chaos_slow (until timestamptz);
        CREATE FUNCTION chaos_locked(what int) RETURNS boolean LANGUAGE sql SET search_path = pg_catalog AS $$
          SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 4711 AND objid = what AND granted)
        $$;
        CREATE FUNCTION chaos_hold_claim() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
        DECLARE
          being_committed CONSTANT int := 1;
          held CONSTANT int := 2;
        BEGIN
          IF NOT EXISTS (SELECT 1 FROM chaos_slow WHERE until > clock_timestamp()) THEN
            RETURN NULL;
          END IF;
          IF chaos_locked(being_committed) AND pg_try_advisory_xact_lock(4711, held) THEN
            WHILE chaos_locked(being_committed) LOOP
              PERFORM pg_sleep(0.02);
            END LOOP;
            PERFORM pg_sleep(0.3 + random() * 1.2);
          ELSE
            WHILE chaos_locked(held) LOOP
              PERFORM pg_sleep(0.02);
            END LOOP;
            PERFORM set_config('chaos.commit', CASE WHEN random() < 0.6 THEN 'slow' ELSE '' END, true);
          END IF;
          RETURN NULL;
        END $$;
        CREATE TRIGGER chaos_hold_claim BEFORE UPDATE OF claim_number ON step_job
          FOR EACH STATEMENT EXECUTE FUNCTION chaos_hold_claim();
        CREATE FUNCTION chaos_slow_commit() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
        BEGIN
          IF current_setting('chaos.commit', true) = 'slow' THEN
            PERFORM set_config('chaos.commit', '', true), pg_advisory_xact_lock_shared(4711, 1), pg_sleep(0.3 + random() * 0.4);
          END IF;
          RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER chaos_slow_commit AFTER UPDATE ON step_job DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW WHEN (OLD.state = 'ready' AND NEW.state = 'leased') EXECUTE FUNCTION chaos_slow_commit();
        """;

    /// <summary>Notes claims whose attempt is of another step than their job: such a claim has read the instance from an older snapshot (ADR 50).</summary>
    private const string Torn = """
        CREATE TABLE chaos_torn (instance_id uuid, read int, locked int);
        CREATE FUNCTION chaos_torn() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
        BEGIN
          INSERT INTO chaos_torn SELECT j.instance_id, NEW.step_index, j.step_index FROM step_job j
          WHERE j.instance_id = NEW.instance_id AND j.step_index <> NEW.step_index;
          RETURN NULL;
        END $$;
        CREATE TRIGGER chaos_torn AFTER INSERT ON attempt FOR EACH ROW EXECUTE FUNCTION chaos_torn();
        """;

    public static async Task Add(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(Sql + Slow + Torn);
        await command.ExecuteNonQueryAsync();
    }
}
