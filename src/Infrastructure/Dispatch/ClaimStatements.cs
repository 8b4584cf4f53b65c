using FollowUp.Infrastructure.Instances;

namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// The statements of a claim. They run as one batch, which is one transaction: <see cref="Lease"/> first, then <see cref="Read"/>.
/// </summary>
/// <remarks>
/// They are two statements because of how READ COMMITTED works. <c>FOR UPDATE SKIP LOCKED</c> returns the newest committed version of a job,
/// also one that was committed after the statement's snapshot was taken; every table joined in the same statement is read from that older
/// snapshot. A claim in one statement could therefore combine the job of step k+1 with the instance as of step k. The second statement has a
/// snapshot of its own, taken when the jobs are locked, and a change of an instance that does not lock its job first is not committed before
/// the claim is. See docs/adr/0050-claim-isolation.md.
/// </remarks>
internal static class ClaimStatements
{
    /// <summary>
    /// Locks due jobs, oldest first, passing over locked ones, and leases them. Reads no other table that a step changes. A pause or stop that
    /// was committed before changed the job's row, so the job is not ready any more. MATERIALIZED, because a planner that runs the subquery
    /// again locks more rows than the limit. The batch size is a literal: as a parameter it gets a generic plan that is many times slower.
    /// The setting hands the leased jobs to <see cref="Read"/> without a round trip; it ends with the transaction.
    /// </summary>
    public static string Lease(string due) =>
        $$"""
            WITH due AS MATERIALIZED (
              {{due}}),
            leased AS (
              UPDATE step_job j SET state = 'leased', attempt = attempt + 1, owner = @owner, lease_until = now() + @lease,
                     claim_number = @claim_number
              FROM due WHERE j.instance_id = due.instance_id
              RETURNING j.instance_id)
            SELECT set_config('followup.leased', coalesce(array_agg(instance_id), '{}')::text, true) FROM leased
            """;

    /// <summary>
    /// Reads the jobs that <see cref="Lease"/> has locked, with their instances, sequences and suppressions, from a snapshot taken after the
    /// locks, and locks nothing more. The attempt is committed with the claim, before any provider is called; a step that will send nothing
    /// gets none.
    /// </summary>
    public static readonly string Read = $"""
        WITH step AS (
          SELECT {ClaimRow.Columns}, s.name AS sequence_name, s.enabled, x.reason AS suppressed,
                 s.schedule IS NOT NULL AS is_scheduled,
                 EXISTS (SELECT 1 FROM send_limit l WHERE l.owner_id = j.owner_id) AS is_limited,
                 j.owner_id IN (SELECT owner_id FROM blocked_owner) AS owner_blocked,
                 CASE WHEN j.step_type = ANY (@sending) AND i.status = 'ACTIVE' AND s.enabled AND x.reason IS NULL
                           AND j.owner_id NOT IN (SELECT owner_id FROM blocked_owner)
                           AND j.due_at >= now() - @max_lateness
                      THEN (@attempt_ids)[(row_number() OVER ())::int] END AS attempt_id,
                 s.upgrade_insecure_images
          FROM unnest(current_setting('followup.leased')::uuid[]) AS leased (instance_id)
          JOIN step_job j ON j.instance_id = leased.instance_id
          JOIN instance i ON i.id = j.instance_id
          JOIN sequence s ON s.id = j.sequence_id
          LEFT JOIN LATERAL (
            SELECT reason FROM suppression x
            WHERE x.owner_id = j.owner_id AND x.channel = j.step_type
              AND x.address = CASE j.step_type WHEN 'SMS' THEN i.phone ELSE i.email_key END LIMIT 1) x ON true),
        sending AS (
          INSERT INTO attempt (id, owner_id, instance_id, step_job_id, step_index, number, channel, status, started_at)
          SELECT attempt_id, owner_id, id, job_id, current_step, attempt, step_type, 'SENDING', clock_timestamp()
          FROM step WHERE attempt_id IS NOT NULL)
        SELECT *, clock_timestamp() AS claimed_at FROM step
        """;

    /// <summary>The oldest due jobs of all owners, from a place on.</summary>
    public static string Oldest(string filter, int most) =>
        $"""
            SELECT instance_id FROM step_job
              WHERE claimable AND state = 'ready' AND {JobOrder.DueFrom} AND {filter}
              ORDER BY {JobOrder.Sql} LIMIT {most} FOR UPDATE SKIP LOCKED
            """;

    /// <summary>The oldest due jobs of each owner in the round-robin, each from a place on, by the index that begins with the owner.</summary>
    public static string OldestOfEach(string filter, int each) =>
        $"""
            SELECT j.instance_id
              FROM unnest(@owners, @from_due_at, @from_is_first, @from_in_line_since, @from_id)
                AS turn (owner_id, from_due_at, from_is_first, from_in_line_since, from_id) CROSS JOIN LATERAL (
                SELECT instance_id FROM step_job
                WHERE claimable AND state = 'ready' AND {JobOrder.DueInTurn} AND {filter}
                ORDER BY {JobOrder.OfOwners} LIMIT {each} FOR UPDATE SKIP LOCKED) j
            """;

    /// <summary>The due job of one instance.</summary>
    public const string DueOf = """
        SELECT instance_id FROM step_job
              WHERE claimable AND state = 'ready' AND due_at <= now() AND instance_id = @probe FOR UPDATE SKIP LOCKED
        """;

    /// <summary>No job of a channel whose breaker is open, and none of the backlog of an outage: that is claimed at a limited rate.</summary>
    public const string NoOpenBreaker = """
        step_type <> ALL (ARRAY(SELECT channel FROM channel_breaker WHERE open_until IS NOT NULL))
              AND (step_type <> ALL (ARRAY(SELECT channel FROM channel_breaker WHERE backlog_until IS NOT NULL))
                   OR due_at >= (SELECT max(backlog_until) FROM channel_breaker))
        """;

    /// <summary>Runs in the claim's transaction, and so with its <c>now()</c>: a job that falls due meanwhile is neither claimed nor missed.</summary>
    public const string NextDue = """
        SELECT (SELECT due_at - clock_timestamp() FROM step_job WHERE claimable AND state = 'ready' AND due_at > now() ORDER BY due_at LIMIT 1), now()
        """;
}
