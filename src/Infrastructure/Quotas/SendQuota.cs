using FollowUp.Application.Instances;
using FollowUp.Application.Quotas;
using FollowUp.Domain.Quotas;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Scheduling;
using FollowUp.Infrastructure.Instances;

namespace FollowUp.Infrastructure.Quotas;

/// <summary>
/// Decides whether a claimed mail may be sent now under its owner's limits, and reschedules the owner's other mails when it may not. The slots are
/// counted in the database (<see cref="SendCounts"/>). If a node dies between taking a slot and sending, the slot stays counted.
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

            return again && await SendCounts.HasSlot(connection, step.AttemptId!.Value, cancellationToken)
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
            var state = await SendCounts.Read(connection, owner, day, cancellationToken);
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
            switch (await SendCounts.Take(connection, SlotOf(step, limits, day), limits, inFront, cancellationToken))
            {
                case SlotTaken.Yes:
                    return new(new QuotaResult(SlotOf(step, limits, day), null));
                case SlotTaken.RecipientCapReached:
                    return Refused(new Move(MoveReason.RecipientCap, limits.NextDay(now)));
            }

            // In this order: a follow-up that takes its slot in between is missed here rather than counted twice.
            state = await SendCounts.Read(connection, owner, day, cancellationToken);
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

    public async Task GiveBack(SendSlot slot, CancellationToken cancellationToken)
    {
        for (var run = 1; ; run++)
        {
            try
            {
                await SendCounts.GiveBack(engine.Connections, slot, cancellationToken);
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

    private static string? AddressOf(ClaimedStep step, Limits limits) =>
        limits.PerRecipientPerDay is null ? null : step.Instance.Recipient.Email.Key;

    private static SendSlot SlotOf(ClaimedStep step, Limits limits, DateOnly day) =>
        new(step.Instance.OwnerId, day, AddressOf(step, limits), step.AttemptId!.Value);
}
