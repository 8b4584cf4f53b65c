namespace FollowUp.Infrastructure.Dispatch;

/// <summary>The statements of a claim. They run as one batch, which is one transaction: <see cref="Lease"/>, then <see cref="Read"/>.</summary>
/// <remarks>
/// There are two statements because of READ COMMITTED. <c>FOR UPDATE SKIP LOCKED</c> returns the newest committed version of a job, even if it was
/// committed after the statement's snapshot was taken, but every table joined in the same statement is read from that older snapshot. A claim in one
/// statement could therefore combine the job of step k+1 with the instance as of step k. The second statement has its own snapshot, taken after the
/// jobs are locked, and a change of an instance that does not lock its job first cannot commit before the claim. See
/// docs/adr/0050-claim-isolation.md.
/// </remarks>
internal static class ClaimStatements
{
    /// <summary>
    /// Locks due jobs, oldest first, skipping locked ones, and leases them. READ COMMITTED: reads no other table that a step changes. A pause or stop
    /// that committed before also changed the job's row, so that job is no longer ready. MATERIALIZED, because a planner that runs the subquery again
    /// locks more rows than the limit. The batch size is a literal: with a parameter the generic plan is many times slower. The setting passes the
    /// leased jobs to <see cref="Read"/> without a round trip; it ends with the transaction.
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
    /// Locks nothing. Reads the jobs that <see cref="Lease"/> locked, with their instances, sequences and suppressions, from a snapshot taken after
    /// the locks. The attempt is committed with the claim, before any provider is called; a step that will send nothing gets none.
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

    /// <summary>The oldest due jobs of all owners, from a position on.</summary>
    public static string Oldest(string filter, int most) =>
        Due($"{JobOrder.DueFrom} AND {filter}", $"ORDER BY {JobOrder.Sql} LIMIT {most}");

    /// <summary>
    /// The oldest due jobs of each owner in the round-robin, each from its own position on, by the index that starts with the owner.
    /// </summary>
    public static string OldestOfEach(string filter, int each) =>
        $"""
            SELECT j.instance_id
              FROM unnest(@owners, @from_due_at, @from_is_first, @from_in_line_since, @from_id)
                AS served (owner_id, from_due_at, from_is_first, from_in_line_since, from_id) CROSS JOIN LATERAL (
                {Due($"{JobOrder.DueInRoundRobin} AND {filter}", $"ORDER BY {JobOrder.OfOwners} LIMIT {each}")}) j
            """;

    /// <summary>The due job of one instance.</summary>
    public static readonly string DueOf = Due("due_at <= now() AND instance_id = @probe", "");

    private static string Due(string which, string first) =>
        $"""
            SELECT instance_id FROM step_job
              WHERE claimable AND state = 'ready' AND {which}
              {first} FOR UPDATE SKIP LOCKED
            """;

    /// <summary>Excludes the jobs of channels whose breaker is open, and the backlog of an outage, which is claimed at a limited rate.</summary>
    public const string NoOpenBreaker = """
        step_type <> ALL (ARRAY(SELECT channel FROM channel_breaker WHERE open_until IS NOT NULL))
              AND (step_type <> ALL (ARRAY(SELECT channel FROM channel_breaker WHERE backlog_until IS NOT NULL))
                   OR due_at >= (SELECT max(backlog_until) FROM channel_breaker))
        """;

    /// <summary>
    /// Locks nothing. Runs in the claim's transaction and therefore with its <c>now()</c>: a job that falls due in between is neither claimed nor
    /// missed.
    /// </summary>
    public const string NextDue = """
        SELECT (SELECT due_at - clock_timestamp() FROM step_job WHERE claimable AND state = 'ready' AND due_at > now() ORDER BY due_at LIMIT 1), now()
        """;
}
