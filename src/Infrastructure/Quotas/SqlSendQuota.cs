namespace FollowUp.Infrastructure.Quotas;

/// <summary>
/// Counts a claimed message if <see cref="SendQuota"/> allows it; if not, reschedules the owner's other due messages that are refused as well. If a
/// node dies between counting and sending, the message stays counted.
/// </summary>
internal sealed partial class SqlSendQuota(
    EngineDatabase engine,
    SendBacklog backlog,
    JobRescheduler rescheduler,
    SqlCeilings ceilings,
    TimeProvider time
) : ISendQuota, IDisposable
{
    /// <summary>
    /// How often one request decides again because other mails of the owner changed the counts in between. After that the step is postponed by
    /// <see cref="SendQuota.WaitForEarlier"/>.
    /// </summary>
    private const int MostRuns = 5;

    /// <summary>
    /// Maximum number of steps of this node that request a slot at once: more would use up the connections that claims and write-backs need.
    /// </summary>
    public const int MostAtOnce = 6;

    /// <summary>How often a request waits for earlier mails, in equal parts of <see cref="SendQuota.WaitForEarlier"/>, before the step is postponed.</summary>
    private const int MostWaits = 20;

    /// <summary>With <see cref="RetryEvery"/>, a slot is given back across an outage of five seconds.</summary>
    private const int MostTriesToGiveBack = 20;

    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>The answer for most steps, allocated once.</summary>
    private static readonly Task<QuotaResult> Unlimited = Task.FromResult(default(QuotaResult));

    private readonly SemaphoreSlim _asking = new(MostAtOnce);

    /// <summary>A result, and what follows from it once the connection is closed.</summary>
    /// <param name="Others">Reschedules the owner's other due mails; null when they are not concerned.</param>
    /// <param name="IsContested">
    /// Whether the result may differ within moments: earlier mails are about to take the last slots, or another lane counts the follow-ups.
    /// </param>
    private sealed record Decision(QuotaResult Answer, Func<Task>? Others = null, bool IsContested = false);

    public Task<QuotaResult> Take(ClaimedStep step, Channel channel, DateTimeOffset now, CancellationToken cancellationToken) =>
        IsLimited(step, channel) || ceilings.PerDay(channel) is not null ? TakeBoth(step, channel, now, cancellationToken) : Unlimited;

    public bool ForbidsCountry(Recipient recipient) => ceilings.Forbids(recipient.Phone);

    public async Task GiveBack(ClaimedStep step, Channel channel, SendSlot? slot)
    {
        await GiveBack(slot);
        await ceilings.GiveBack(step.Instance.OwnerId, channel, step.ClaimedAt, CancellationToken.None);
    }

    public void Dispose() => _asking.Dispose();

    private static bool IsLimited(ClaimedStep step, Channel channel) => step.IsLimited && channel == Channel.Email;

    private async Task<QuotaResult> TakeBoth(ClaimedStep step, Channel channel, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var limited = IsLimited(step, channel) ? await TakeSlot(step, now, cancellationToken) : default;
        if (limited.Refused is not null)
        {
            return limited;
        }

        var isCounted = false;
        try
        {
            var ceiling = await TakeFromCeiling(step, channel, now, cancellationToken);
            isCounted = ceiling is null;
            return isCounted ? limited : new(null, ceiling);
        }
        finally
        {
            // Also after a failure: the step ends with it, and its attempt, the only record of the slot, is deleted.
            if (!isCounted)
            {
                await GiveBack(limited.Slot);
            }
        }
    }

    private async Task<QuotaResult> TakeSlot(ClaimedStep step, DateTimeOffset now, CancellationToken cancellationToken)
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
                    await Task.Delay(SendQuota.WaitForEarlier / MostWaits, time, cancellationToken);
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
                await BeforeRetry(failure, cancellationToken);
            }
        }
    }

    private async Task<Decision> TakeOnce(ClaimedStep step, DateTimeOffset now, bool again, CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await engine.Connections.OpenConnectionAsync(cancellationToken);
            var (limits, sent) = await Read(connection, step, now, cancellationToken);
            return !limits.AreAny ? new(default)
                : again && await SendCounts.HasSlot(connection, step.AttemptId!.Value, cancellationToken)
                    ? new(new QuotaResult(SlotOf(step, limits, now), null))
                : await Decide(connection, step, limits, sent, now, cancellationToken);
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
        SendCount sent,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var (owner, job, slot) = (step.Instance.OwnerId, step.Instance.Job!, SlotOf(step, limits, now));
        for (var run = 1; run <= MostRuns; run++)
        {
            // When the day's cap is used up, the refusal does not depend on the mails before this one, so they are not counted.
            if (limits.Refusal(new(sent, 0, 0, 0), now) is { Move.Reason: MoveReason.Cap } full)
            {
                return await Refused(full);
            }

            // Many follow-ups become due at the instant at which this mail does, such as the start of a day: a count from before is too low.
            if (await FollowUps(notBefore: job.DueAt) is not { } followUps)
            {
                return Contested();
            }

            var refusal = await TakeUnlessRefused(connection, slot, limits, followUps, await Earlier(), now, cancellationToken);
            if (refusal is null)
            {
                return new(new QuotaResult(slot, null));
            }

            if (refusal.Move.Reason != MoveReason.RecipientCap)
            {
                // The counts before the due follow-ups: a follow-up that takes its slot in between is in neither, instead of in both.
                (_, sent) = await Read(connection, step, now, cancellationToken);
                if (await FollowUps(notBefore: null) is not { } counted)
                {
                    return Contested();
                }

                refusal = limits.Refusal(new(sent, 0, counted, await Earlier()), now);
            }

            if (refusal is not null)
            {
                return await Refused(refusal);
            }
        }

        return Contested() with
        {
            IsContested = false,
        };

        // Null while another lane counts: waiting for it here would hold a semaphore slot and a connection as well.
        async Task<int?> FollowUps(DateTimeOffset? notBefore) =>
            job.IsFirst ? await backlog.FollowUpsDue(connection, owner, notBefore, cancellationToken) : 0;

        Task<int> Earlier() => SendBacklog.InFront(connection, owner, job, cancellationToken);

        Decision Contested() => new(new(null, new Move(MoveReason.Cap, now + SendQuota.WaitForEarlier)), IsContested: true);

        async Task<Decision> Refused(QuotaRefusal refusal)
        {
            var (move, firstOnly) = (refusal.Move, refusal.Also == AlsoRefused.FirstMails);
            if (refusal.Also is AlsoRefused.None or AlsoRefused.Undecided)
            {
                return new(new(null, move), IsContested: refusal.Also == AlsoRefused.Undecided);
            }

            if (move.Reason != MoveReason.Gap)
            {
                return new(new(null, move), () => rescheduler.UntilTomorrow(owner, Channel.Email, move, firstOnly, cancellationToken));
            }

            // This mail goes one gap after those that already wait for the gap, and the owner's other due mails follow it.
            var gap = limits.MinGap!.Value;
            var free = await SendBacklog.LastWaitingBefore(connection, owner, job, cancellationToken) + gap;
            free = free > move.To ? free : move.To;
            return new(
                new(null, move with { To = free.Value }),
                () => rescheduler.OneByOne(owner, free.Value, gap, firstOnly, cancellationToken)
            );
        }
    }

    /// <summary>One short transaction: locks the counts, decides, and writes them.</summary>
    private static async Task<QuotaRefusal?> TakeUnlessRefused(
        NpgsqlConnection connection,
        SendSlot slot,
        Limits limits,
        int followUps,
        int earlier,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (sent, toRecipient) = await SendCounts.Lock(connection, slot, now, cancellationToken);
        if (limits.Refusal(new(sent, toRecipient, followUps, earlier), now) is { } refusal)
        {
            return refusal;
        }

        await SendCounts.Write(connection, slot, sent.Plus(slot.Day, now), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private static async Task<(Limits Limits, SendCount Sent)> Read(
        NpgsqlConnection connection,
        ClaimedStep step,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.CreateCommand();
        return await SqlLimits.Read(command, step.Instance.OwnerId, now, cancellationToken);
    }

    private async Task GiveBack(SendSlot? slot)
    {
        for (var run = 1; slot is not null; run++)
        {
            try
            {
                await SendCounts.GiveBack(engine.Connections, slot, CancellationToken.None);
                return;
            }
            catch (Exception failure) when (PostgresFailures.IsTransient(failure) && run < MostTriesToGiveBack)
            {
                await BeforeRetry(failure, CancellationToken.None);
            }
            catch (NpgsqlException)
            {
                // Stays counted: one mail fewer today rather than one too many.
                return;
            }
        }
    }

    private Task BeforeRetry(Exception failure, CancellationToken cancellationToken)
    {
        PostgresFailures.ForgetConnections(failure, engine.Connections);
        return Task.Delay(RetryEvery, time, cancellationToken);
    }

    private static SendSlot SlotOf(ClaimedStep step, Limits limits, DateTimeOffset now) =>
        new(
            step.Instance.OwnerId,
            limits.DayOf(now),
            limits.PerRecipientPerDay is null ? null : step.Instance.Recipient.Email.Key,
            step.AttemptId!.Value
        );
}
