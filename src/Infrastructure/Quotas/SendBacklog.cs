namespace FollowUp.Infrastructure.Quotas;

/// <summary>Counts the mails before a given one in its owner's queue, for owners with limits.</summary>
internal sealed class SendBacklog(TimeProvider time) : IDisposable
{
    /// <summary>Maximum number of jobs before a mail that are read. Jobs are claimed in order, so there are rarely more than lanes.</summary>
    private const int MostInFront = 1_000;

    /// <summary>Maximum number of owners for whom a count is cached.</summary>
    private const int MostOwners = 10_000;

    /// <summary>
    /// Maximum number of counts for steps that run at once on a node: half of the slot requests, so that the others are not blocked.
    /// </summary>
    private const int MostCounts = SqlSendQuota.MostAtOnce / 2;

    /// <summary>
    /// The minimum time for which a count of due follow-ups is cached. It affects only precedence; the limit itself does not depend on it.
    /// </summary>
    private static readonly TimeSpan CountedFor = TimeSpan.FromSeconds(1);

    /// <summary>A count is cached for this many times its duration, so that counting a large backlog is a small share of the work.</summary>
    private const int TimesAsLong = 20;

    private readonly ConcurrentDictionary<OwnerId, (int Count, DateTimeOffset AsOf, long At, TimeSpan Holds)> _followUps = new();

    /// <summary>The running counts, each completed at its end. An entry does not outlive its count, even if that fails.</summary>
    private readonly ConcurrentDictionary<OwnerId, TaskCompletionSource> _counting = new();

    private readonly SemaphoreSlim _places = new(MostCounts);

    /// <summary>
    /// Locks nothing. The owner's due mails of the same kind (follow-up or first) that precede the given job in the order of jobs and have no slot
    /// yet. When few slots are left, these mails get theirs first. Reads the owner's queue from its front by the index in that order, up to a fixed
    /// number of rows.
    /// </summary>
    public static async Task<int> InFront(NpgsqlConnection connection, OwnerId owner, StepJob job, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT count(*)::int FROM (
              SELECT * FROM step_job
              WHERE claimable AND ({JobOrder.OfOwners}) >= (@owner, '-infinity', false, '-infinity', '{Guid.Empty}')
                AND ({JobOrder.OfOwners}) < (@owner, @from_due_at, @from_is_first, @from_in_line_since, @from_id)
              ORDER BY {JobOrder.OfOwners} LIMIT {MostInFront}) j
            WHERE j.due_at <= now() AND j.step_type = 'EMAIL' AND j.is_first = @from_is_first
              AND NOT EXISTS (SELECT 1 FROM attempt a
                              WHERE a.instance_id = j.instance_id AND a.step_job_id = j.id AND a.number = j.attempt AND a.has_slot)
            """,
            connection
        );
        command.Parameters.AddWithValue("owner", owner.Value);
        JobSortKey.Of(job).AddTo(command.Parameters);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// The latest due time of the mails that wait for the gap and precede a job, which is queued behind them. Null when there is none.
    /// </summary>
    public static async Task<DateTimeOffset?> LastWaitingBefore(
        NpgsqlConnection connection,
        OwnerId owner,
        StepJob job,
        CancellationToken cancellationToken
    )
    {
        // Locks nothing. Reads the mails that wait for the gap from the end, by a partial index of these, where usually the first row matches.
        await using var command = new NpgsqlCommand(
            """
            SELECT due_at FROM step_job
            WHERE owner_id = $1 AND claimable AND state = 'ready' AND step_type = 'EMAIL' AND due_at > now()
              AND waiting_for->-1->>'reason' = 'gap' AND (is_first, wanted_at, id) < ($2, $3, $4)
            ORDER BY due_at DESC LIMIT 1
            """,
            connection
        );
        command.Parameters.Add(new() { Value = owner.Value });
        command.Parameters.Add(new() { Value = job.IsFirst });
        command.Parameters.Add(new() { Value = (job.WantedAt ?? job.DueAt).UtcDateTime });
        command.Parameters.Add(new() { Value = job.Id });
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime last ? new DateTimeOffset(last) : null;
    }

    /// <summary>
    /// The number of follow-ups that are due or leased and have no slot yet; null when a count of the owner is running or the node is running too
    /// many. Never waits for another count: counting a large backlog is slow, and a waiting caller would hold resources that the steps of other
    /// owners need.
    /// </summary>
    /// <param name="notBefore">A cached count taken at this time or later is used if it has not expired; null always counts again.</param>
    public async Task<int?> FollowUpsDue(
        NpgsqlConnection connection,
        OwnerId owner,
        DateTimeOffset? notBefore,
        CancellationToken cancellationToken
    )
    {
        if (Known(owner, notBefore) is { } known)
        {
            return known;
        }

        if (!_places.Wait(0, CancellationToken.None))
        {
            return null;
        }

        try
        {
            return await CountAlone(connection, owner, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>The same for a request, which needs the number: it waits for a running count and uses one that started after the request.</summary>
    public async Task<int> CountFollowUpsDue(NpgsqlConnection connection, OwnerId owner, CancellationToken cancellationToken)
    {
        var asked = await Clock(connection, cancellationToken);
        while (true)
        {
            if ((Known(owner, asked) ?? await CountAlone(connection, owner, cancellationToken)) is { } count)
            {
                return count;
            }

            if (_counting.TryGetValue(owner, out var underWay))
            {
                await underWay.Task.WaitAsync(cancellationToken);
            }
        }
    }

    /// <summary>Counts, unless a count of the owner is running on this node.</summary>
    private async Task<int?> CountAlone(NpgsqlConnection connection, OwnerId owner, CancellationToken cancellationToken)
    {
        var own = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_counting.TryAdd(owner, own))
        {
            return null;
        }

        try
        {
            return await Count(connection, owner, cancellationToken);
        }
        finally
        {
            _counting.TryRemove(owner, out _);
            own.SetResult();
        }
    }

    public void Dispose() => _places.Dispose();

    private int? Known(OwnerId owner, DateTimeOffset? notBefore) =>
        _followUps.TryGetValue(owner, out var counted) && notBefore <= counted.AsOf && time.GetElapsedTime(counted.At) < counted.Holds
            ? counted.Count
            : null;

    private static async Task<DateTimeOffset> Clock(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT clock_timestamp()", connection);
        return (DateTime)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<int> Count(NpgsqlConnection connection, OwnerId owner, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT ((SELECT count(*) FROM step_job
                     WHERE owner_id = $1 AND claimable AND state = 'ready' AND due_at <= now() AND step_type = 'EMAIL' AND NOT is_first)
                    + (SELECT count(*) FROM step_job j
                       WHERE j.owner_id = $1 AND j.claimable AND j.state = 'leased' AND j.due_at <= now() AND j.step_type = 'EMAIL' AND NOT j.is_first
                         AND NOT EXISTS (SELECT 1 FROM attempt a
                                         WHERE a.instance_id = j.instance_id AND a.step_job_id = j.id AND a.number = j.attempt AND a.has_slot)))::int,
                   now()
            """,
            connection
        );
        command.Parameters.Add(new() { Value = owner.Value });
        var began = time.GetTimestamp();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (count, asOf) = (reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1));
        var holds = time.GetElapsedTime(began) * TimesAsLong;
        if (_followUps.Count >= MostOwners)
        {
            _followUps.Clear();
        }

        _followUps[owner] = (count, asOf, time.GetTimestamp(), holds > CountedFor ? holds : CountedFor);
        return count;
    }
}
