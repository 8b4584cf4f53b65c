using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Quotas;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Quotas;

/// <summary>
/// The quota that an owner's limits and the operator's ceilings leave for the messages of a preview or for an instance's next message.
/// Follow-ups that are currently due have priority over first mails, as in the worker.
/// </summary>
internal sealed class RemainingQuota
{
    /// <summary>After this many deferrals no quota is expected at all.</summary>
    private const int MostPutOffs = 400;

    private readonly Dictionary<DateOnly, int> _own = [];
    private readonly Dictionary<(Channel, DateOnly), int> _ownByChannel = [];
    private readonly ICeilings _ceilings;
    private readonly Limits _limits;
    private readonly ILimits _store;
    private readonly EmailAddress _recipient;
    private readonly DateTimeOffset _now;
    private readonly int _followUpsDue;
    private DateTimeOffset? _last;

    private RemainingQuota(
        Limits limits,
        ILimits store,
        ICeilings ceilings,
        EmailAddress recipient,
        DateTimeOffset now,
        DateTimeOffset? last,
        int followUpsDue
    ) =>
        (_limits, _store, _ceilings, _recipient, _now, _last, _followUpsDue) = (
            limits,
            store,
            ceilings,
            recipient,
            now,
            last,
            followUpsDue
        );

    /// <summary>The quota that is currently left.</summary>
    public static async Task<RemainingQuota> Of(
        OwnerId owner,
        EmailAddress recipient,
        ILimits store,
        ICeilings ceilings,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var limits = await store.Get(owner, cancellationToken);
        return limits.AreAny
            ? new(
                limits,
                store,
                ceilings,
                recipient,
                now,
                await store.LastAt(owner, cancellationToken),
                await store.FollowUpsDue(owner, cancellationToken)
            )
            : new(limits, store, ceilings, recipient, now, null, 0);
    }

    /// <summary>
    /// Defers the instance's next message until there is quota, and counts it. With <paramref name="once"/> it defers only once, as the
    /// worker does, which asks again when the step is due.
    /// </summary>
    public async ValueTask<IReadOnlyList<Move>> PutOff(
        Instance instance,
        IReadOnlyList<Step> steps,
        bool isSkipped,
        DateTimeOffset from,
        CancellationToken cancellationToken,
        bool once = false
    )
    {
        if (isSkipped || instance.Job!.StepType.ChannelOf() is not { } channel || !IsBounded(channel))
        {
            return [];
        }

        List<Move> moves = [];
        for (var i = 0; i < MostPutOffs; i++)
        {
            var refusal =
                (channel == Channel.Email ? await Limited(instance, from, cancellationToken) : null)
                ?? await AtCeiling(instance.OwnerId, channel, from, cancellationToken);
            if (refusal is not { } refused)
            {
                break;
            }

            instance.PutOff(refused, steps, from);
            from = instance.Job.DueAt;
            moves.AddRange(instance.Job.WaitingFor);
            if (once || (refused.Reason == MoveReason.Ceiling && _ceilings.PerDay(channel) == 0))
            {
                // Under a ceiling of 0 no day has quota: the worker defers the step day by day.
                break;
            }
        }

        Count(channel, from);
        return moves;
    }

    private bool IsBounded(Channel channel) => (channel == Channel.Email && _limits.AreAny) || _ceilings.PerDay(channel) is not null;

    private void Count(Channel channel, DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        _ownByChannel[(channel, day)] = _ownByChannel.GetValueOrDefault((channel, day)) + 1;
        if (channel == Channel.Email)
        {
            _last = at;
            var own = _limits.DayOf(at);
            _own[own] = _own.GetValueOrDefault(own) + 1;
        }
    }

    private async ValueTask<Move?> AtCeiling(OwnerId owner, Channel channel, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (_ceilings.PerDay(channel) is not { } most)
        {
            return null;
        }

        var day = DateOnly.FromDateTime(at.UtcDateTime);
        return _ownByChannel.GetValueOrDefault((channel, day)) + await _ceilings.Taken(owner, channel, day, cancellationToken) >= most
            ? new Move(MoveReason.Ceiling, new DateTimeOffset(at.UtcDateTime.Date.AddDays(1), TimeSpan.Zero))
            : null;
    }

    private async ValueTask<Move?> Limited(Instance instance, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (!_limits.AreAny)
        {
            return null;
        }

        // Which follow-ups will be due on a later day is unknown.
        var ahead = instance.Job!.IsFirst && at <= _now ? _followUpsDue : 0;
        var day = _limits.DayOf(at);
        var own = _own.GetValueOrDefault(day);
        // In the worker's order (SendQuota): the day's cap, the recipient's cap, and what due follow-ups leave of the day's cap.
        var left = _limits.MailsOn(day) is { } most
            ? most - own - await _store.Taken(instance.OwnerId, day, cancellationToken)
            : int.MaxValue;
        if (left <= 0)
        {
            return new Move(MoveReason.Cap, _limits.NextDay(at));
        }

        if (
            _limits.PerRecipientPerDay is { } each
            && own + await _store.TakenBy(instance.OwnerId, _recipient, day, cancellationToken) >= each
        )
        {
            return new Move(MoveReason.RecipientCap, _limits.NextDay(at));
        }

        if (left <= ahead)
        {
            return new Move(MoveReason.Cap, _limits.NextDay(at));
        }

        if (_limits.MinGap is not { } gap)
        {
            return null;
        }

        var free = (_last is { } last && last + gap > at ? last + gap : at) + (gap * ahead);
        return free > at ? new Move(MoveReason.Gap, free) : null;
    }
}
