using FollowUp.Application.Instances;
using FollowUp.Application.Quotas;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Quotas;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Scheduling;
using FollowUp.Infrastructure.Instances;
using FollowUp.Infrastructure.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace FollowUp.Infrastructure.Quotas;

/// <summary>
/// Counts slots in one row per owner, and one per address and day. A conditional UPDATE of that row decides, so no mail is sent beyond a limit with
/// any number of nodes. If a node dies between taking a slot and sending, the slot stays counted.
/// </summary>
internal sealed class SendQuota(
    EngineDatabase engine,
    SendBacklog backlog,
    JobRescheduler rescheduler,
    SqlCeilings ceilings,
    TimeProvider time
) : ISendQuota, IDisposable
{
    /// <summary>How often other mails of the owner may take a slot in between before the step is rescheduled by a second.</summary>
    private const int MostRuns = 5;

    /// <summary>
    /// Maximum number of steps of this node that request a slot at once: more would use up the connections that claims and write-backs need.
    /// </summary>
    public const int MostAtOnce = 6;

    private const int MostWaits = 20;
    private const int MostTriesToGiveBack = 20;
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a mail waits for an earlier one that is being processed and has not requested its slot yet.</summary>
    private static readonly TimeSpan WaitForEarlier = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _asking = new(MostAtOnce);

    private sealed record QuotaState(int Taken, TimeSpan? SinceLast);

    /// <summary>A result, and what to do with the owner's other mails once the connection is closed.</summary>
    /// <param name="Answer">The result.</param>
    /// <param name="Others">Reschedules them; null leaves them alone.</param>
    /// <param name="IsContested">Whether the caller asks again within moments: earlier mails decide on the last slots, or follow-ups are being counted.</param>
    private sealed record Decision(QuotaResult Answer, Func<Task>? Others = null, bool IsContested = false);

    public async Task<QuotaResult> Take(ClaimedStep step, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var contested = 0;
        for (var again = false; ; again = true)
        {
            try
            {
                var decision = await TakeOnce(step, now, again, cancellationToken);
                if (decision.IsContested && ++contested < MostWaits && step.Lease.IsSafe)
                {
                    // Waits without a connection or a semaphore slot, which the earlier mails may need.
                    await Task.Delay(WaitForEarlier / MostWaits, time, cancellationToken);
                    continue;
                }

                if (decision.Others is { } putOff)
                {
                    await putOff();
                }

                return decision.Answer;
            }
            catch (Exception failure) when (PostgresFailures.IsTransient(failure) && step.Lease.IsSafe)
            {
                // Nothing was sent yet. If a slot was taken and the response was lost, the next run finds it.
                PostgresFailures.ForgetConnections(failure, engine.Connections);
                await Task.Delay(RetryEvery, time, cancellationToken);
            }
        }
    }

    public bool ForbidsCountry(Recipient recipient) => ceilings.Forbids(recipient.Phone);

    public async Task<Move?> TakeFromCeiling(ClaimedStep step, Channel channel, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var refused = await ceilings.Take(step.Instance.OwnerId, channel, now, cancellationToken);
                if (refused is { } move)
                {
                    // Otherwise each of the owner's due steps would be claimed only to be refused: for hours with 200,000 of them.
                    await rescheduler.UntilTomorrow(step.Instance.OwnerId, channel, move, firstOnly: false, cancellationToken);
                }

                return refused;
            }
            catch (Exception failure) when (PostgresFailures.IsTransient(failure) && step.Lease.IsSafe)
            {
                PostgresFailures.ForgetConnections(failure, engine.Connections);
                await Task.Delay(RetryEvery, time, cancellationToken);
            }
        }
    }

    public Task GiveBackToCeiling(ClaimedStep step, Channel channel, CancellationToken cancellationToken) =>
        ceilings.GiveBack(step.Instance.OwnerId, channel, step.ClaimedAt, cancellationToken);

    private async Task<Decision> TakeOnce(ClaimedStep step, DateTimeOffset now, bool again, CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await engine.Connections.OpenConnectionAsync(cancellationToken);
            await using var reading = connection.CreateCommand();
            if (await SqlLimits.Read(reading, step.Instance.OwnerId, cancellationToken) is not { } limits)
            {
                return new(default);
            }

            return again && await HasSlot(connection, step, cancellationToken)
                ? new(new QuotaResult(SlotOf(step, limits, limits.DayOf(now)), null))
                : await Decide(connection, step, limits, now, cancellationToken);
        }
        finally
        {
            _asking.Release();
        }
    }

    private async Task<Decision> Decide(
        NpgsqlConnection connection,
        ClaimedStep step,
        Limits limits,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var (owner, job, day) = (step.Instance.OwnerId, step.Instance.Job!, limits.DayOf(now));
        var most = limits.MailsOn(day) ?? int.MaxValue;
        var gap = limits.MinGap ?? TimeSpan.Zero;
        for (var run = 1; run <= MostRuns; run++)
        {
            var state = await Read(connection, owner, day, cancellationToken);
            if (state.Taken >= most)
            {
                return Tomorrow(firstOnly: false);
            }

            // A count from before this mail was due does not include the follow-ups that came due with it, as many do when a day starts.
            if (await Ahead(notBefore: job.DueAt) is not { } ahead)
            {
                return Contested();
            }

            var inFront = ahead + await SendBacklog.InFront(connection, owner, job, cancellationToken);
            switch (await Try(connection, step, limits, day, inFront, cancellationToken))
            {
                case Taken.Yes:
                    return new(new QuotaResult(SlotOf(step, limits, day), null));
                case Taken.RecipientCapReached:
                    return Refused(new Move(MoveReason.RecipientCap, limits.NextDay(now)));
            }

            // In this order: a follow-up that takes its slot in between is missed here rather than counted twice.
            state = await Read(connection, owner, day, cancellationToken);
            if (await Ahead(notBefore: null) is not { } counted)
            {
                return Contested();
            }

            if (state.Taken + counted >= most)
            {
                // If follow-ups take the rest of the day's mails, only first mails are rescheduled.
                return Tomorrow(firstOnly: state.Taken < most);
            }

            inFront = counted + await SendBacklog.InFront(connection, owner, job, cancellationToken);
            var left = state.SinceLast is { } since && since < gap ? gap - since : TimeSpan.Zero;
            if (left > TimeSpan.Zero || (inFront > 0 && gap > TimeSpan.Zero))
            {
                return await Behind(connection, step, now + left + (gap * inFront), gap, firstOnly: counted > 0, cancellationToken);
            }

            if (state.Taken + inFront >= most)
            {
                return Contested();
            }
        }

        return Refused(new Move(MoveReason.Cap, now + WaitForEarlier));

        // The follow-ups before a first mail. The running count holds a semaphore slot and a connection; a step that waited for it would hold another
        // one.
        async Task<int?> Ahead(DateTimeOffset? notBefore) =>
            job.IsFirst ? await backlog.FollowUpsDue(connection, owner, notBefore, cancellationToken) : 0;

        Decision Contested() => Refused(new Move(MoveReason.Cap, now + WaitForEarlier)) with { IsContested = true };

        Decision Tomorrow(bool firstOnly) =>
            Refused(new Move(MoveReason.Cap, limits.NextDay(now))) with
            {
                Others = () =>
                    rescheduler.UntilTomorrow(
                        owner,
                        Channel.Email,
                        new Move(MoveReason.Cap, limits.NextDay(now)),
                        firstOnly,
                        cancellationToken
                    ),
            };
    }

    public void Dispose() => _asking.Dispose();

    private static Decision Refused(Move move) => new(new QuotaResult(null, move));

    /// <summary>Schedules the mail, and the owner's other due mails after it, behind those that already wait for the gap.</summary>
    private async Task<Decision> Behind(
        NpgsqlConnection connection,
        ClaimedStep step,
        DateTimeOffset free,
        TimeSpan gap,
        bool firstOnly,
        CancellationToken cancellationToken
    )
    {
        var (owner, job) = (step.Instance.OwnerId, step.Instance.Job!);
        if (await SendBacklog.LastWaitingBefore(connection, owner, job, cancellationToken) is { } last && last + gap > free)
        {
            free = last + gap;
        }

        return Refused(new Move(MoveReason.Gap, free)) with
        {
            Others = () => rescheduler.OneByOne(owner, free, gap, firstOnly, cancellationToken),
        };
    }

    /// <summary>
    /// Locks the attempt, then the address's row, then the owner's row: the last two in the order of <see cref="Try"/>. Does nothing if the slot was
    /// given back already, so a lost response does no harm. The gap is not given back.
    /// </summary>
    public async Task GiveBack(SendSlot slot, CancellationToken cancellationToken)
    {
        for (var run = 1; ; run++)
        {
            try
            {
                await using var command = engine.Connections.CreateCommand(
                    """
                    WITH given AS MATERIALIZED (
                      UPDATE attempt SET has_slot = false WHERE id = @attempt AND has_slot RETURNING id),
                    recipient AS (
                      UPDATE recipient_count SET taken = taken - 1
                      WHERE owner_id = @owner AND address = @address AND day = @day AND taken > 0 AND EXISTS (SELECT 1 FROM given)
                      RETURNING 1)
                    UPDATE send_count SET taken = taken - 1
                    WHERE owner_id = @owner AND day = @day AND taken > 0
                      AND EXISTS (SELECT 1 FROM given) AND (SELECT count(*) FROM recipient) >= 0
                    """
                );
                command.Parameters.AddWithValue("attempt", slot.Attempt.Value);
                command.Parameters.AddWithValue("owner", slot.Owner.Value);
                command.Parameters.AddWithValue("day", slot.Day);
                command.Parameters.Add(new("address", NpgsqlDbType.Text) { Value = (object?)slot.Address ?? DBNull.Value });
                await command.ExecuteNonQueryAsync(cancellationToken);
                return;
            }
            catch (Exception failure) when (PostgresFailures.IsTransient(failure) && run < MostTriesToGiveBack)
            {
                PostgresFailures.ForgetConnections(failure, engine.Connections);
                await Task.Delay(RetryEvery, time, cancellationToken);
            }
            catch (NpgsqlException)
            {
                // Stays counted: one mail fewer today rather than one too many.
                return;
            }
        }
    }

    /// <summary>Locks nothing. Whether an earlier run took the slot and its response was lost.</summary>
    private static async Task<bool> HasSlot(NpgsqlConnection connection, ClaimedStep step, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT has_slot FROM attempt WHERE id = $1", connection);
        command.Parameters.Add(new() { Value = step.AttemptId!.Value.Value });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private enum Taken
    {
        Yes,
        No,
        RecipientCapReached,
    }

    /// <summary>
    /// One short transaction. Locks the attempt, the address's row and the owner's row in this order, like every statement that takes or gives back a
    /// slot.
    /// </summary>
    private static async Task<Taken> Try(
        NpgsqlConnection connection,
        ClaimedStep step,
        Limits limits,
        DateOnly day,
        int inFront,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var owner = step.Instance.OwnerId;
        if (AddressOf(step, limits) is { } address)
        {
            await using var recipient = new NpgsqlCommand(
                """
                UPDATE attempt SET has_slot = true WHERE id = @attempt;
                INSERT INTO recipient_count AS c (owner_id, address, day, taken) VALUES (@owner, @address, @day, 1)
                ON CONFLICT (owner_id, address, day) DO UPDATE SET taken = c.taken + 1 WHERE c.taken < @most
                RETURNING 1
                """,
                connection,
                transaction
            );
            recipient.Parameters.AddWithValue("attempt", step.AttemptId!.Value.Value);
            recipient.Parameters.AddWithValue("owner", owner.Value);
            recipient.Parameters.AddWithValue("address", address);
            recipient.Parameters.AddWithValue("day", day);
            recipient.Parameters.AddWithValue("most", limits.PerRecipientPerDay!.Value);
            if (await recipient.ExecuteScalarAsync(cancellationToken) is null)
            {
                return Taken.RecipientCapReached;
            }
        }

        await using var command = new NpgsqlCommand(
            """
            UPDATE attempt SET has_slot = true WHERE id = @attempt;
            INSERT INTO send_count AS c (owner_id, day, taken, last_at) VALUES (@owner, @day, 0, NULL) ON CONFLICT (owner_id) DO NOTHING;
            UPDATE send_count c
            SET day = greatest(c.day, @day), taken = CASE WHEN c.day >= @day THEN c.taken + 1 ELSE 1 END, last_at = clock_timestamp()
            WHERE c.owner_id = @owner
              AND (CASE WHEN c.day >= @day THEN c.taken ELSE 0 END) + @in_front < @most
              AND (@gap IS NULL OR (@in_front = 0 AND (c.last_at IS NULL OR c.last_at + @gap <= clock_timestamp())))
            RETURNING 1
            """,
            connection,
            transaction
        );
        command.Parameters.AddWithValue("owner", owner.Value);
        command.Parameters.AddWithValue("day", day);
        command.Parameters.AddWithValue("attempt", step.AttemptId!.Value.Value);
        command.Parameters.AddWithValue("in_front", inFront);
        command.Parameters.AddWithValue("most", limits.MailsOn(day) ?? int.MaxValue);
        command.Parameters.Add(new("gap", NpgsqlDbType.Interval) { Value = (object?)limits.MinGap ?? DBNull.Value });
        if (await command.ExecuteScalarAsync(cancellationToken) is null)
        {
            return Taken.No;
        }

        await transaction.CommitAsync(cancellationToken);
        return Taken.Yes;
    }

    private static async Task<QuotaState> Read(
        NpgsqlConnection connection,
        OwnerId owner,
        DateOnly day,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            "SELECT CASE WHEN day >= $2 THEN taken ELSE 0 END, clock_timestamp() - last_at FROM send_count WHERE owner_id = $1",
            connection
        );
        command.Parameters.Add(new() { Value = owner.Value });
        command.Parameters.Add(new() { Value = day });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetTimeSpan(1))
            : new(0, null);
    }

    private static string? AddressOf(ClaimedStep step, Limits limits) =>
        limits.PerRecipientPerDay is null ? null : step.Instance.Recipient.Email.Key;

    private static SendSlot SlotOf(ClaimedStep step, Limits limits, DateOnly day) =>
        new(step.Instance.OwnerId, day, AddressOf(step, limits), step.AttemptId!.Value);
}
