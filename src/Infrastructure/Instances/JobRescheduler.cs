namespace FollowUp.Infrastructure.Instances;

/// <summary>
/// Moves many jobs of an owner who has used up a limit at once, in batches and without claiming them. Moves only ready jobs; a job that a worker has
/// leased at that moment is left to the worker.
/// </summary>
internal sealed class JobRescheduler(EngineDatabase engine, PlanReader plans, ISequenceVersions versions) : IDisposable
{
    private const int BatchRows = 2_000;

    /// <summary>Maximum number of owners whose mails this node reschedules at once: each takes a connection of the engine's pool.</summary>
    private const int MostAtOnce = 2;

    private static readonly bool[] OnlyFirst = [true];
    private static readonly bool[] All = [false, true];
    private readonly SemaphoreSlim _places = new(MostAtOnce);
    private readonly ConcurrentDictionary<OwnerId, byte> _underWay = new();

    /// <summary>Moves all due messages of an owner on a channel to the next day. Their order does not change.</summary>
    public Task UntilTomorrow(OwnerId owner, Channel channel, Move refused, bool firstOnly, CancellationToken cancellationToken) =>
        Postpone(owner, channel, firstOnly, _ => refused, cancellationToken);

    /// <summary>Schedules an owner's due mails one after the other, follow-ups before first mails.</summary>
    public Task OneByOne(OwnerId owner, DateTimeOffset first, TimeSpan gap, bool firstOnly, CancellationToken cancellationToken) =>
        Postpone(owner, Channel.Email, firstOnly, place => new Move(MoveReason.Gap, first + (gap * place)), cancellationToken);

    /// <summary>
    /// One lane per owner does this. Other lanes that were refused meanwhile leave the rest to it: their own jobs are leased and rescheduled with
    /// their write-back. If this node has no slot for another owner, or another node is working for this one, nothing is moved; the owner's next
    /// refused mail starts another attempt.
    /// </summary>
    /// <param name="refusal">Which limit refuses the message at a place in the order, from 1, and when it ends.</param>
    private async Task Postpone(
        OwnerId owner,
        Channel channel,
        bool firstOnly,
        Func<int, Move> refusal,
        CancellationToken cancellationToken
    )
    {
        if (!_underWay.TryAdd(owner, 0))
        {
            return;
        }

        try
        {
            if (!await _places.WaitAsync(TimeSpan.Zero, cancellationToken))
            {
                return;
            }

            try
            {
                await using var connection = await engine.Connections.OpenConnectionAsync(cancellationToken);
                // Thousands of jobs share a few schedules, steps and zones. Under a cap they also share the refusal, and so the placement.
                Dictionary<(SequenceId, string?), SendingPlan?> schedules = [];
                Dictionary<(SequenceId, SequenceVersionId, StepIndex, string?, bool), (Move Refused, Placement Placed)> last = [];
                var placed = 0;
                foreach (var isFirst in firstOnly ? OnlyFirst : All)
                {
                    JobSortKey? from = JobSortKey.Front;
                    while (from is { } start)
                    {
                        from = await PostponeBatch(connection, owner, channel, isFirst, start, Place, cancellationToken);
                    }
                }

                async ValueTask<Placement> Place(WaitingJob job)
                {
                    var refused = refusal(++placed);
                    var key = (job.Sequence, job.Version, job.Step, job.Zone, job.TriedBefore);
                    if (last.TryGetValue(key, out var known) && known.Refused == refused)
                    {
                        return known.Placed;
                    }

                    if (!schedules.TryGetValue((job.Sequence, job.Zone), out var schedule))
                    {
                        schedule = await plans.For(connection, job.Sequence, job.Zone, cancellationToken);
                        schedules[(job.Sequence, job.Zone)] = schedule;
                    }

                    var timetable = new Timetable(await versions.Steps(job.Version, cancellationToken), schedule);
                    var placement = timetable.Postpone(job.Step, refused, job.TriedBefore);
                    last[key] = (refused, placement);
                    return placement;
                }
            }
            finally
            {
                _places.Release();
            }
        }
        finally
        {
            _underWay.TryRemove(owner, out _);
        }
    }

    /// <summary>Reschedules one batch in its own transaction; returns where the next one starts, or null when there is none.</summary>
    private static async Task<JobSortKey?> PostponeBatch(
        NpgsqlConnection connection,
        OwnerId owner,
        Channel channel,
        bool isFirst,
        JobSortKey from,
        Func<WaitingJob, ValueTask<Placement>> place,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await IsAlone(connection, transaction, owner, cancellationToken))
        {
            return null;
        }

        // Locks the jobs in index order; skips locked ones, which are being claimed and will ask for a slot themselves.
        await using var command = new NpgsqlCommand(DueOfOwner, connection, transaction);
        command.Parameters.AddWithValue("owner", owner.Value);
        command.Parameters.AddWithValue("step_type", DbEnumNames.Upper(channel));
        command.Parameters.AddWithValue("is_first", isFirst);
        from.AddTo(command.Parameters);
        var rows = await WaitingJob.Read(command, cancellationToken);
        List<(WaitingJob, Placement)> placed = [];
        foreach (var row in rows)
        {
            placed.Add((row, await place(row)));
        }

        await WaitingJob.Write(connection, placed, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return rows.Count < BatchRows ? null : rows[^1].SortKey;
    }

    /// <summary>Read in index order, without a sort. An equality on is_first would lead the planner to the index without the owner.</summary>
    internal static readonly string DueOfOwner = $"""
        SELECT instance_id FROM step_job
        WHERE claimable AND ({JobOrder.OfOwners}) >= (@owner, @from_due_at, @from_is_first, @from_in_line_since, @from_id)
          AND (owner_id, due_at) <= (@owner, now()) AND state = 'ready' AND step_type = @step_type
          AND is_first IS NOT DISTINCT FROM @is_first
        ORDER BY {JobOrder.OfOwners} LIMIT {BatchRows} FOR UPDATE SKIP LOCKED
        """;

    /// <summary>Takes an advisory lock that ends with the transaction, unless another node holds it.</summary>
    private static async Task<bool> IsAlone(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        OwnerId owner,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            "SELECT pg_try_advisory_xact_lock(hashtextextended('put off ' || @owner::text, 0))",
            connection,
            transaction
        );
        command.Parameters.AddWithValue("owner", owner.Value);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public void Dispose() => _places.Dispose();
}
