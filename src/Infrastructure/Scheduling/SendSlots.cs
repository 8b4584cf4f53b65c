using FollowUp.Application.Dispatch;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace FollowUp.Infrastructure.Scheduling;

/// <summary>
/// Slots, counted in one row an owner (and one an address and day): a conditional UPDATE of it decides, so that with any number of nodes no
/// mail is sent beyond a limit. A node that dies between taking a slot and sending leaves it counted, which errs on the safe side.
/// </summary>
internal sealed class SendSlots(NpgsqlDataSource dataSource, OwnerQueues queues, PutOffs putOffs, CeilingCounts ceilings, TimeProvider time)
    : ISendSlots
{
    /// <summary>How often rivals may come in between before the step is put off for a moment.</summary>
    private const int MostRuns = 5;

    private sealed record Standing(int Taken, TimeSpan? SinceLast);

    public async Task<SlotAnswer> Take(ClaimedStep step, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await TakeOnce(step, now, cancellationToken);
            }
            catch (Exception failure) when (PostgresFailures.IsTransient(failure) && step.Lease.IsSafe)
            {
                // Nothing was sent yet. A slot whose answer was lost stays counted.
                PostgresFailures.ForgetConnections(failure, dataSource);
                await Task.Delay(TimeSpan.FromMilliseconds(250), time, cancellationToken);
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
                return await ceilings.Take(step.Instance.OwnerId, channel, now, cancellationToken);
            }
            catch (Exception failure) when (PostgresFailures.IsTransient(failure) && step.Lease.IsSafe)
            {
                PostgresFailures.ForgetConnections(failure, dataSource);
                await Task.Delay(TimeSpan.FromMilliseconds(250), time, cancellationToken);
            }
        }
    }

    public Task GiveBackToCeiling(ClaimedStep step, Channel channel, CancellationToken cancellationToken) =>
        ceilings.GiveBack(step.Instance.OwnerId, channel, step.ClaimedAt, cancellationToken);

    private async Task<SlotAnswer> TakeOnce(ClaimedStep step, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var owner = step.Instance.OwnerId;
        Limits limits;
        await using (var reading = connection.CreateCommand())
        {
            if (await LimitsStore.Read(reading, owner, cancellationToken) is not { } found)
            {
                return default;
            }

            limits = found;
        }

        var day = limits.DayOf(now);
        var most = limits.MailsOn(day) ?? int.MaxValue;
        var job = step.Instance.Job!;
        var first = job.IsFirst;
        // A count from before this mail was due does not know of the follow-ups that came due with it, as many do when a day begins.
        var ahead = first ? await queues.FollowUpsDue(connection, owner, notBefore: job.DueAt, cancellationToken) : 0;
        for (var run = 1; ; run++)
        {
            switch (await Try(connection, step, limits, day, ahead, cancellationToken))
            {
                case Taken.Yes:
                    return new(new SendSlot(owner, day, AddressOf(step, limits)), null);
                case Taken.RecipientHasHadIts:
                    return new(null, new Move(MoveReason.RecipientCap, limits.NextDay(now)));
            }

            // In this order: a follow-up that takes its slot in between is missed here rather than counted twice.
            var standing = await Read(connection, owner, day, cancellationToken);
            ahead = first ? await queues.FollowUpsDue(connection, owner, notBefore: null, cancellationToken) : 0;
            if (standing.Taken + ahead >= most)
            {
                // Where follow-ups have the rest of the day's mails before them, only first mails wait.
                await connection.CloseAsync();
                await putOffs.UntilTomorrow(owner, limits.NextDay(now), firstOnly: standing.Taken < most, cancellationToken);
                return new(null, new Move(MoveReason.Cap, limits.NextDay(now)));
            }

            var gap = limits.MinGap ?? TimeSpan.Zero;
            var left = standing.SinceLast is { } since && since < gap ? gap - since : TimeSpan.Zero;
            if (left > TimeSpan.Zero || (ahead > 0 && gap > TimeSpan.Zero))
            {
                var free = now + left + (gap * ahead);
                if (await OwnerQueues.LastInFront(connection, owner, job, cancellationToken) is { } last && last + gap > free)
                {
                    free = last + gap;
                }

                await connection.CloseAsync();
                await putOffs.OneByOne(owner, free, gap, firstOnly: ahead > 0, cancellationToken);
                return new(null, new Move(MoveReason.Gap, free));
            }

            if (run == MostRuns)
            {
                return new(null, new Move(MoveReason.Cap, now.AddSeconds(1)));
            }
        }
    }

    public async Task GiveBack(SendSlot slot, CancellationToken cancellationToken)
    {
        try
        {
            // The gap is not given back: the provider was called.
            await using var command = dataSource.CreateCommand(
                """
                WITH recipient AS (
                  UPDATE recipient_count SET taken = taken - 1 WHERE owner_id = @owner AND address = @address AND day = @day AND taken > 0)
                UPDATE send_count SET taken = taken - 1 WHERE owner_id = @owner AND day = @day AND taken > 0
                """
            );
            command.Parameters.AddWithValue("owner", slot.Owner.Value);
            command.Parameters.AddWithValue("day", slot.Day);
            command.Parameters.Add(new("address", NpgsqlDbType.Text) { Value = (object?)slot.Address ?? DBNull.Value });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException)
        {
            // It stays counted: one mail fewer today rather than one too many.
        }
    }

    private enum Taken
    {
        Yes,
        No,
        RecipientHasHadIts,
    }

    /// <summary>One short transaction. Locks the address's row before the owner's, as everybody who takes a slot does.</summary>
    private static async Task<Taken> Try(
        NpgsqlConnection connection,
        ClaimedStep step,
        Limits limits,
        DateOnly day,
        int ahead,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var owner = step.Instance.OwnerId;
        if (AddressOf(step, limits) is { } address)
        {
            await using var recipient = new NpgsqlCommand(
                """
                INSERT INTO recipient_count AS c (owner_id, address, day, taken) VALUES (@owner, @address, @day, 1)
                ON CONFLICT (owner_id, address, day) DO UPDATE SET taken = c.taken + 1 WHERE c.taken < @most
                """,
                connection,
                transaction
            );
            recipient.Parameters.AddWithValue("owner", owner.Value);
            recipient.Parameters.AddWithValue("address", address);
            recipient.Parameters.AddWithValue("day", day);
            recipient.Parameters.AddWithValue("most", limits.PerRecipientPerDay!.Value);
            if (await recipient.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                return Taken.RecipientHasHadIts;
            }
        }

        await using var command = new NpgsqlCommand(
            """
            INSERT INTO send_count AS c (owner_id, day, taken, last_at) VALUES (@owner, @day, 0, NULL) ON CONFLICT (owner_id) DO NOTHING;
            UPDATE attempt SET has_slot = true WHERE id = @attempt;
            UPDATE send_count c
            SET day = greatest(c.day, @day), taken = CASE WHEN c.day >= @day THEN c.taken + 1 ELSE 1 END, last_at = clock_timestamp()
            WHERE c.owner_id = @owner
              AND (CASE WHEN c.day >= @day THEN c.taken ELSE 0 END) + @ahead < @most
              AND (@gap IS NULL OR (@ahead = 0 AND (c.last_at IS NULL OR c.last_at + @gap <= clock_timestamp())))
            RETURNING 1
            """,
            connection,
            transaction
        );
        command.Parameters.AddWithValue("owner", owner.Value);
        command.Parameters.AddWithValue("day", day);
        command.Parameters.AddWithValue("attempt", step.AttemptId!.Value.Value);
        command.Parameters.AddWithValue("ahead", ahead);
        command.Parameters.AddWithValue("most", limits.MailsOn(day) ?? int.MaxValue);
        command.Parameters.Add(new("gap", NpgsqlDbType.Interval) { Value = (object?)limits.MinGap ?? DBNull.Value });
        if (await command.ExecuteScalarAsync(cancellationToken) is null)
        {
            return Taken.No;
        }

        await transaction.CommitAsync(cancellationToken);
        return Taken.Yes;
    }

    private static async Task<Standing> Read(NpgsqlConnection connection, OwnerId owner, DateOnly day, CancellationToken cancellationToken)
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
}
