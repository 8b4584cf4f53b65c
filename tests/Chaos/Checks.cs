using Npgsql;

namespace FollowUp.Chaos;

/// <summary>The invariants of the database at the end of the run, in SQL. Each query returns the rows that break it.</summary>
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
        // Failed steps are left out: they are tried or skipped later, and count then. A move begins a new count, at the step that it says.
        (
            "order: steps not carried out once each, in order",
            """
            SELECT i.id::text FROM instance i JOIN sequence_version v ON v.id = i.sequence_version_id
            LEFT JOIN LATERAL (
              SELECT max(e.number) AS number, (array_agg((e.content ->> 'toStep')::int ORDER BY e.number DESC))[1] AS step
              FROM follow_up_event e WHERE e.instance_id = i.id AND e.type = 'migrated') moved ON true
            LEFT JOIN LATERAL (
              SELECT array_agg(e.step_index ORDER BY e.number) AS done FROM follow_up_event e
              WHERE e.instance_id = i.id AND e.status IN ('sent', 'skipped', 'completed') AND e.number > coalesce(moved.number, 0)) e ON true
            WHERE coalesce(e.done, '{}') <> ARRAY(SELECT generate_series(coalesce(moved.step, 0), i.current_step - 1))
               OR i.status = 'COMPLETED' AND i.current_step <> jsonb_array_length(v.steps)
            """
        ),
        (
            "twice: a step carried out again in another version",
            """
            SELECT e.instance_id::text || ' step ' || (v.steps -> e.step_index ->> 'id')
            FROM follow_up_event e JOIN sequence_version v ON v.sequence_id = e.sequence_id AND v.number = e.version
            WHERE e.status IN ('sent', 'skipped', 'completed')
            GROUP BY e.instance_id, v.steps -> e.step_index ->> 'id' HAVING count(*) > 1
            """
        ),
        (
            "torn: a claim of one step that read the instance at another",
            "SELECT instance_id::text || ' step ' || locked || ', read ' || read FROM chaos_torn"
        ),
        // The subject of a mail and the end of a text message name their step by the number of its id (StepWriter).
        (
            "torn: a message of another step than its event says",
            """
            SELECT e.instance_id::text || ' step ' || (v.steps -> e.step_index ->> 'id') || ', message of ' || mark.id
            FROM follow_up_event e
            JOIN message m ON m.instance_id = e.instance_id AND m.id = e.message_id
            JOIN sequence_version v ON v.sequence_id = e.sequence_id AND v.number = e.version
            CROSS JOIN LATERAL (SELECT 's' || substring(coalesce(m.subject, m.text) FROM '\[[A-Za-z0-9-]+/([0-9]+)\]') AS id) mark
            WHERE e.status = 'sent' AND v.steps -> e.step_index ->> 'id' <> mark.id
            """
        ),
        // One that was stopped stays so where another one runs.
        (
            "stuck: a migration that did not come to its end",
            "SELECT id::text FROM sequence_migration WHERE state = 'running' OR failed > 0"
        ),
        // A window's closed minute is [to, from), in the recipient's zone where it says so. Whether the minute was closed is asked of the
        // schedule that the claim saw, and of all that were written since: the worker reads it after the claim. Both ends of the try lie in
        // that minute, so all of it does.
        (
            "window: sent while it was closed",
            """
            SELECT a.id::text || ' of instance ' || a.instance_id
            FROM attempt a JOIN instance i ON i.id = a.instance_id
            WHERE a.status IN ('ACCEPTED', 'IN_DOUBT') AND a.finished_at - a.started_at < interval '30 seconds'
              AND (SELECT bool_and(c.schedule IS NOT NULL
                          AND date_trunc('minute', a.started_at AT TIME ZONE z.name)::time = (c.schedule ->> 'to')::time
                          AND date_trunc('minute', a.finished_at AT TIME ZONE z.name)::time = (c.schedule ->> 'to')::time)
                   FROM chaos_schedule c
                   CROSS JOIN LATERAL (SELECT CASE c.schedule ->> 'timeZone'
                     WHEN 'recipient' THEN coalesce(i.time_zone, c.schedule ->> 'fallbackTimeZone') ELSE c.schedule ->> 'timeZone' END AS name) z
                   WHERE c.sequence_id = i.sequence_id
                     AND c.number >= (SELECT max(s.number) FROM chaos_schedule s
                                      WHERE s.sequence_id = i.sequence_id AND pg_visible_in_snapshot(s.by_transaction, a.claim_snapshot)))
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
            SELECT coalesce(e.instance_id, a.instance_id)::text || ' step ' || coalesce(e.step_index, a.step_index)
            FROM (SELECT instance_id, step_index, count(*) FROM follow_up_event
                  WHERE status = 'sent' AND content ->> 'provider' IS NOT NULL GROUP BY 1, 2) e
            FULL JOIN (SELECT instance_id, step_index, count(*) FROM attempt WHERE status = 'ACCEPTED' GROUP BY 1, 2) a
              USING (instance_id, step_index)
            WHERE e.count IS DISTINCT FROM a.count
            """
        ),
        // A text that cannot be stored is made storable before it is sent, so each message that went out is kept.
        (
            "poison: sent by the log, but its message is not kept",
            """
            SELECT e.instance_id::text || ' step ' || e.step_index
            FROM follow_up_event e LEFT JOIN message m ON m.instance_id = e.instance_id AND m.id = e.message_id
            WHERE e.status = 'sent' AND e.content ->> 'provider' IS NOT NULL AND m.id IS NULL
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
