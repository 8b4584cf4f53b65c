using System.Collections.Concurrent;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Infrastructure.Instances;
using Npgsql;

namespace FollowUp.Infrastructure.Quotas;

/// <summary>The mails before a given one in its owner's queue, where the owner has limits.</summary>
internal sealed class SendBacklog(TimeProvider time) : IDisposable
{
    /// <summary>How many jobs before a mail are read at most. Jobs are claimed in order, so there are hardly more than lanes.</summary>
    private const int MostInFront = 1_000;

    /// <summary>For how many owners a count is kept.</summary>
    private const int MostOwners = 10_000;

    /// <summary>How many counts for steps run at once on a node: half of what asks for slots, so that the others go on.</summary>
    private const int MostCounts = SendQuota.MostAtOnce / 2;

    /// <summary>The least time for which a count of due follow-ups is kept. It decides on precedence only; the limit itself does not rest on it.</summary>
    private static readonly TimeSpan CountedFor = TimeSpan.FromSeconds(1);

    /// <summary>A count is kept for this many times as long as it took, so that counting a large backlog is a small share of the work.</summary>
    private const int TimesAsLong = 20;

    private readonly ConcurrentDictionary<OwnerId, (int Count, DateTimeOffset AsOf, long At, TimeSpan Holds)> _followUps = new();

    /// <summary>The counts that are under way, each completed at its end. An entry lasts no longer than its count, also when that fails.</summary>
    private readonly ConcurrentDictionary<OwnerId, TaskCompletionSource> _counting = new();

    private readonly SemaphoreSlim _places = new(MostCounts);

    /// <summary>
    /// The owner's due mails before one in the order of jobs, of its own kind (follow-up or first), that have no slot yet. With few slots left, they
    /// get theirs first. Reads the owner's queue from its front by the index in that order, and no more than a fixed number of rows. Locks nothing.
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

    /// <summary>When the last of the mails comes due that wait for the gap and go before a job: a later one queues behind them. Null when there is none.</summary>
    public static async Task<DateTimeOffset?> LastWaitingBefore(
        NpgsqlConnection connection,
        OwnerId owner,
        StepJob job,
        CancellationToken cancellationToken
    )
    {
        // Reads the mails that wait for the gap from the end, by an index of these alone, where the first row is usually the one. Locks nothing.
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
    /// The follow-ups that are due or in hand, and have no slot yet; null when a count of the owner is under way or the node has too many. Never
    /// waits for another count: a large backlog takes long to count, and a caller that waited would hold what steps of other owners need.
    /// </summary>
    /// <param name="connection">A connection.</param>
    /// <param name="owner">Whose.</param>
    /// <param name="notBefore">A count that was taken at this instant or later is used if it is not too old; null counts again.</param>
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

    /// <summary>The same for a request, which has to have the number: it waits for a count that is under way and uses one begun after it asked.</summary>
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

    /// <summary>Counts, unless a count of the owner is under way on this node.</summary>
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
