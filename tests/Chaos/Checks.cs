using Npgsql;

namespace FollowUp.Chaos;

/// <summary>What the database must show once all has come to rest, in SQL. Each names the rows that break it.</summary>
internal static class Checks
{
    private static readonly (string Kind, string Sql)[] AtRest =
    [
        // A pause, resume or stop whose transaction the claim's own snapshot shows as committed: the last of them decides. A claim that
        // passes over such a row, as SKIP LOCKED does, writes no attempt and is not here.
        (
            "stop: claimed after a pause or a stop had committed",
            """
            SELECT a.id::text || ' of instance ' || a.instance_id FROM attempt a
            CROSS JOIN LATERAL (
              SELECT e.type FROM follow_up_event e
              WHERE e.instance_id = a.instance_id AND e.type IN ('paused', 'resumed', 'stopped')
                AND pg_visible_in_snapshot(e.by_transaction, a.claim_snapshot)
              ORDER BY e.number DESC LIMIT 1) last
            WHERE last.type <> 'resumed'
            """
        ),
        (
            "stop: claimed after a suppression had committed",
            """
            SELECT a.id::text || ' of instance ' || a.instance_id
            FROM attempt a JOIN instance i ON i.id = a.instance_id
            JOIN suppression x ON x.owner_id = a.owner_id AND x.channel = a.channel
                 AND x.address = CASE a.channel WHEN 'SMS' THEN i.phone ELSE i.email_key END
            WHERE pg_visible_in_snapshot(x.by_transaction, a.claim_snapshot)
            """
        ),
        (
            "stop: claimed after its sequence's disabling had committed",
            """
            SELECT a.id::text || ' of instance ' || a.instance_id
            FROM attempt a JOIN instance i ON i.id = a.instance_id
            CROSS JOIN LATERAL (
              SELECT c.enabled FROM chaos_enabled c
              WHERE c.sequence_id = i.sequence_id AND pg_visible_in_snapshot(c.by_transaction, a.claim_snapshot)
              ORDER BY c.number DESC LIMIT 1) last
            WHERE NOT last.enabled
            """
        ),
        // Both instants come from the database's clock, read while the job's row is locked or, for the end, earlier than that.
        (
            "twice: tries of an instance that overlap",
            """
            SELECT a.id::text || ' and ' || b.id FROM attempt a JOIN attempt b ON b.instance_id = a.instance_id AND b.id > a.id
            WHERE tstzrange(a.started_at, greatest(a.started_at, a.finished_at)) && tstzrange(b.started_at, greatest(b.started_at, b.finished_at))
            """
        ),
        ("twice: one claim, two tries", "SELECT min(id::text) FROM attempt GROUP BY step_job_id, number HAVING count(*) > 1"),
        ("doubt: a try that never ended", "SELECT id::text FROM attempt WHERE status = 'SENDING' OR finished_at IS NULL"),
        (
            "doubt: a try in doubt without its event, or an event without a try",
            """
            SELECT coalesce(a.instance_id, e.instance_id)::text || ' step ' || coalesce(a.step_index, e.step_index)
            FROM (SELECT instance_id, step_index, count(*) FROM attempt WHERE status = 'IN_DOUBT' GROUP BY 1, 2) a
            FULL JOIN (SELECT instance_id, step_index, count(*) FROM follow_up_event WHERE type = 'inDoubt' GROUP BY 1, 2) e
              USING (instance_id, step_index)
            WHERE a.count IS DISTINCT FROM e.count
            """
        ),
        (
            "doubt: no reason given",
            """
            SELECT instance_id::text FROM follow_up_event WHERE type = 'inDoubt' AND coalesce(content ->> 'reason', '') = ''
            UNION SELECT instance_id::text FROM attempt WHERE status = 'IN_DOUBT' AND coalesce(error, '') = ''
            """
        ),
        // Failed steps are left out: they are tried or skipped later, and count then.
        (
            "order: steps not carried out once each, in order",
            """
            SELECT i.id::text FROM instance i JOIN sequence_version v ON v.id = i.sequence_version_id
            LEFT JOIN LATERAL (
              SELECT array_agg(e.step_index ORDER BY e.number) AS done FROM follow_up_event e
              WHERE e.instance_id = i.id AND e.status IN ('sent', 'skipped', 'completed')) e ON true
            WHERE coalesce(e.done, '{}') <> ARRAY(SELECT generate_series(0, i.current_step - 1))
               OR i.status = 'COMPLETED' AND i.current_step <> jsonb_array_length(v.steps)
            """
        ),
        (
            "order: a timeline has a gap, or an instance does not know its last event",
            """
            SELECT i.id::text FROM instance i
            LEFT JOIN LATERAL (
              SELECT count(*) AS count, min(e.number) AS first, max(e.number) AS last FROM follow_up_event e WHERE e.instance_id = i.id) e ON true
            WHERE (e.count, e.first, e.last) IS DISTINCT FROM (i.event_count::bigint, 1, i.event_count)
            """
        ),
        (
            "order: something happened after the end",
            """
            SELECT e.instance_id::text FROM follow_up_event e JOIN instance i ON i.id = e.instance_id
            WHERE e.type = 'completed' AND e.number <> i.event_count
            """
        ),
        (
            "lost: sent by the log, but its try was not accepted",
            """
            SELECT e.instance_id::text || ' step ' || e.step_index FROM follow_up_event e
            WHERE e.status = 'sent' AND e.content ->> 'provider' IS NOT NULL
              AND (SELECT count(*) FROM attempt a
                   WHERE a.instance_id = e.instance_id AND a.step_index = e.step_index AND a.status = 'ACCEPTED') <> 1
            """
        ),
        (
            "guard: a unique index is missing",
            """
            SELECT wanted FROM unnest(ARRAY['step_job (instance_id)', 'follow_up_event (instance_id, number)']) AS wanted
            WHERE NOT EXISTS (
              SELECT 1 FROM pg_index x
              WHERE x.indisunique AND x.indisvalid AND x.indpred IS NULL
                AND pg_get_indexdef(x.indexrelid) LIKE '% ON public.' || replace(wanted, ' (', ' USING btree ('))
            """
        ),
    ];

    /// <summary>Looks for all of them.</summary>
    public static async Task Run(NpgsqlDataSource database, Breaches breaches)
    {
        foreach (var (kind, sql) in AtRest)
        {
            breaches.Found(kind, await database.Texts(sql));
        }
    }
}
